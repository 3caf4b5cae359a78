package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.service.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Each service in a process of its own, which is killed when it is to die, and started again. */
final class ProcessServices implements Services, ChildProcess.Listener {

  private static final Duration STOP_MAX = Duration.ofSeconds(20);

  private final Strategy strategy;
  private final Path folder;
  private final Broker broker;
  private final String scheduleText;
  private final Deaths deaths;
  private final FaultLog log;
  private final TimeSource time;
  private final Map<Service, ChildProcess> children = new ConcurrentHashMap<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final Thread lastWill = new Thread(this::killAll, "last-will");
  private volatile boolean closing;
  private volatile @Nullable String failure;

  private ProcessServices(
      Strategy strategy,
      Path folder,
      Broker broker,
      String scheduleText,
      Deaths deaths,
      FaultLog log,
      TimeSource time) {
    this.strategy = strategy;
    this.folder = folder;
    this.broker = broker;
    this.scheduleText = scheduleText;
    this.deaths = deaths;
    this.log = log;
    this.time = time;
  }

  static ProcessServices start(
      Strategy strategy,
      Path folder,
      Broker broker,
      String scheduleText,
      Schedule schedule,
      FaultLog log,
      TimeSource time) {
    Deaths deaths = new Deaths(schedule, log);
    ProcessServices all =
        new ProcessServices(strategy, folder, broker, scheduleText, deaths, log, time);
    Runtime.getRuntime().addShutdownHook(all.lastWill);
    for (Service service : Service.values()) {
      all.open(service);
    }
    return all;
  }

  private void open(Service service) {
    ChildOrder order =
        new ChildOrder(
            strategy.label(),
            service.label(),
            starts.incrementAndGet(),
            folder.toString(),
            broker.port(),
            broker.password(),
            scheduleText);
    try {
      children.put(service, new ChildProcess(service, order, time, this));
    } catch (IOException e) {
      failure = service.label() + ": cannot be started: " + e;
    }
  }

  @Override
  public void fault(String kind, String service, long orderNumber) {
    Service.named(service).ifPresent(where -> log.note(kind, where, orderNumber));
  }

  @Override
  public void step(ChildProcess child, String step, long orderNumber) {
    boolean due =
        Step.named(step).filter(at -> deaths.isDue(child.service(), at, orderNumber)).isPresent();
    if (due) {
      child.kill();
    } else {
      child.letGoOn(step, orderNumber);
    }
  }

  @Override
  public void ended(ChildProcess child) {
    try {
      int status = child.awaitExit();
      if (closing) {
        return;
      }
      if (child.wasKilled()) {
        open(child.service());
      } else {
        failure = child.service().label() + ": ended by itself, with status " + status;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public OptionalLong unsent(Service service, Deadline deadline) throws InterruptedException {
    ChildProcess child = children.get(service);
    return child == null ? OptionalLong.empty() : child.unsent(deadline);
  }

  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    closing = true;
    try {
      Deadline deadline = Deadline.after(STOP_MAX, time);
      for (ChildProcess child : children.values()) {
        child.stop(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      killAll();
      Runtime.getRuntime().removeShutdownHook(lastWill);
    }
    children.keySet().forEach(this::tidy);
  }

  private void killAll() {
    children.values().forEach(ChildProcess::kill);
  }

  /** Opens a file and closes it, so that it can be read without being repaired. */
  private void tidy(Service service) {
    try (Connection connection = H2Files.open(folder, service.label(), "").getConnection()) {
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(service.label() + ": cannot be opened after its end", e);
    }
  }
}
