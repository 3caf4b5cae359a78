package dev.ashlar.examples.shop.run;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultCounts;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.order.OrderBook;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** All orders through all services under one strategy, in databases of its own. */
public final class StrategyRun {

  /** Looking counts what waits, so it is done seldom while there is much. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(800);

  private static final Duration LOOK_NEAR_THE_END_EVERY = Duration.ofMillis(100);
  private static final long NEAR_THE_END = 500;
  private static final Duration LOOK_MAX = Duration.ofSeconds(5);

  private final Strategy strategy;
  private final Setup setup;
  private final Path folder;
  private final FaultCounts counts = new FaultCounts();

  private StrategyRun(Strategy strategy, Setup setup) {
    this.strategy = strategy;
    this.setup = setup;
    this.folder = setup.root().resolve(strategy.label());
  }

  /**
   * Runs until everything has come to rest, or the time is over.
   *
   * @param progress is told how far it is, now and then
   * @throws IllegalStateException if the run itself failed, which says nothing about the strategy
   */
  public static Ended run(Strategy strategy, Setup setup, Progress progress)
      throws InterruptedException {
    return new StrategyRun(strategy, setup).run(progress);
  }

  /**
   * Returns connections to the book of orders in a folder, to be closed before a run.
   *
   * @param root is or will be the folder of a {@link Setup}
   */
  public static DataSource book(Path root) {
    return H2Files.open(root, H2Files.PLACED, "");
  }

  private Ended run(Progress progress) throws InterruptedException {
    long startNanos = setup.time().nanos();
    copyBook();
    boolean cameToRest;
    try (Connections placed =
            new Connections(book(folder), new Lifeline(H2Files.PLACED, setup.time()));
        Broker broker = openBroker()) {
      Intake intake = new Intake(new OrderBook(placed.asSource()), broker.entrance(), setup.time());
      Thread customers = new Thread(intake, "customers");
      customers.setDaemon(true);
      try (Services services = startServices(broker)) {
        customers.start();
        cameToRest = watch(broker, services, intake, progress, startNanos);
        intake.stop();
        customers.join();
      }
    }
    Duration took = Duration.ofNanos(setup.time().nanos() - startNanos);
    return new Ended(folder, cameToRest, took, counts.counts());
  }

  private void copyBook() {
    String file = H2Files.PLACED + ".mv.db";
    try {
      Files.createDirectories(folder);
      Files.copy(setup.root().resolve(file), folder.resolve(file));
    } catch (IOException e) {
      throw new IllegalStateException("copying the book of orders: " + e, e);
    }
  }

  private Broker openBroker() {
    return setup.processes()
        ? Broker.serve(folder, setup.schedule(), counts, setup.time())
        : Broker.open(folder, setup.schedule(), counts, setup.time());
  }

  private Services startServices(Broker broker) {
    return setup.processes()
        ? ProcessServices.start(
            strategy, folder, broker, setup.scheduleText(), setup.schedule(), counts, setup.time())
        : LocalServices.start(
            strategy,
            new LocalService.World(
                folder, broker.password(), setup.schedule(), counts, setup.time()));
  }

  private boolean watch(
      Broker broker, Services services, Intake intake, Progress progress, long startNanos)
      throws InterruptedException {
    Deadline end = Deadline.after(setup.timeLimit(), setup.time());
    while (!end.hasExpired()) {
      services.failure().or(intake::failure).ifPresent(StrategyRun::fail);
      boolean allIn = intake.handedOver() == setup.orders();
      OptionalLong left = left(broker, services);
      long done = Math.max(0, intake.handedOver() - left.orElse(intake.handedOver()));
      Duration elapsed = Duration.ofNanos(setup.time().nanos() - startNanos);
      progress.at(strategy, done, setup.orders(), elapsed, counts.counts());
      if (allIn && left.isPresent() && left.getAsLong() == 0) {
        return true;
      }
      boolean nearTheEnd = allIn && left.orElse(0) < NEAR_THE_END;
      setup.time().sleep(nearTheEnd ? LOOK_NEAR_THE_END_EVERY : LOOK_EVERY);
    }
    return false;
  }

  private static void fail(String failure) {
    throw new IllegalStateException(failure);
  }

  /**
   * Returns how many messages are under way; empty if somebody does not answer.
   *
   * <p>Looks at tellers before it looks at those who are told, and at a service's queue before its
   * outbox. A message is put into the next place before it is taken from the one before, so none
   * can slip through.
   */
  private OptionalLong left(Broker broker, Services services) throws InterruptedException {
    Deadline deadline = Deadline.after(LOOK_MAX, setup.time());
    long left = 0;
    try {
      for (Service service : Service.values()) {
        left += broker.waiting(service, deadline);
        OptionalLong unsent = services.unsent(service, deadline);
        if (unsent.isEmpty()) {
          return OptionalLong.empty();
        }
        left += unsent.getAsLong();
      }
      return OptionalLong.of(left);
    } catch (BackendException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * What both strategies run with.
   *
   * @param root the folder with the book of orders; each strategy has a folder below it
   * @param orders how many there are
   * @param schedule the faults
   * @param scheduleText the same, as it is written down
   * @param processes each service in a process of its own
   * @param timeLimit when to give up
   */
  public record Setup(
      Path root,
      long orders,
      Schedule schedule,
      String scheduleText,
      boolean processes,
      Duration timeLimit,
      TimeSource time) {}

  /**
   * A run that has ended.
   *
   * @param folder has its databases, closed
   * @param cameToRest nothing was under way any more
   * @param took how long it took
   * @param faults how many orders each kind came upon
   */
  public record Ended(Path folder, boolean cameToRest, Duration took, Map<String, Long> faults) {}

  /** Is told how far a run is. */
  @FunctionalInterface
  public interface Progress {

    /** Shows it. */
    void at(Strategy strategy, long done, long orders, Duration elapsed, Map<String, Long> faults);
  }
}
