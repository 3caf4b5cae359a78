package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.service.Strategy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Each service in a process of its own, which is killed when it is to die, and started again. */
final class ProcessServices implements Services, ChildProcess.Listener {

  private static final Duration STOP_MAX = Duration.ofSeconds(20);

  private final Strategy strategy;
  private final World world;
  private final Broker broker;
  private final Deaths deaths;
  private final Map<Service, ChildProcess> children = new ConcurrentHashMap<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final Thread lastWill = new Thread(this::killAll, "last-will");

  /** Held from looking where payment is until orders was told, or old news could come last. */
  private final ReentrantLock telling = new ReentrantLock();

  private volatile boolean closing;
  private volatile @Nullable String failure;

  private ProcessServices(Strategy strategy, World world, Broker broker) {
    this.strategy = strategy;
    this.world = world;
    this.broker = broker;
    this.deaths = new Deaths(world.schedule(), world.log());
  }

  static ProcessServices start(Strategy strategy, World world, Broker broker) {
    ProcessServices all = new ProcessServices(strategy, world, broker);
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
            world.folder().toString(),
            broker.port(),
            broker.password(),
            world.scheduleText());
    try {
      children.put(service, new ChildProcess(service, order, world.time(), this));
    } catch (IOException e) {
      failure = service.label() + ": cannot be started: " + e;
    }
  }

  /** Only orders calls another service, so only it need know where that is. */
  @Override
  public void ready(ChildProcess child, int port) {
    telling.lock();
    try {
      if (port > 0) {
        world.addresses().put(child.service(), port);
      }
      ChildProcess orders =
          child.service() == Service.ORDERS ? child : children.get(Service.ORDERS);
      OptionalInt payment = world.addresses().port(Service.PAYMENT);
      if (orders != null && payment.isPresent()) {
        orders.tellAddress(Service.PAYMENT, payment.getAsInt());
      }
    } finally {
      telling.unlock();
    }
  }

  @Override
  public void fault(String kind, String service, long orderNumber) {
    Service.named(service).ifPresent(where -> world.log().note(kind, where, orderNumber));
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
      Deadline deadline = Deadline.after(STOP_MAX, world.time());
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
    try (Connection connection =
        H2Files.open(world.folder(), service.label(), "").getConnection()) {
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(service.label() + ": cannot be opened after its end", e);
    }
  }
}
