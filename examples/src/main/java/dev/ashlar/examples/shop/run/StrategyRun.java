package dev.ashlar.examples.shop.run;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultCounts;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.log.RunLogs;
import dev.ashlar.examples.shop.log.ServiceLog;
import dev.ashlar.examples.shop.order.OrderBook;
import dev.ashlar.examples.shop.page.Visitors;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.examples.shop.settle.LeaseEngine;
import dev.ashlar.examples.shop.settle.Night;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import javax.sql.DataSource;

/** All orders through all services under one strategy, in databases of its own. */
public final class StrategyRun {

  /** Looking counts what waits, so it is done seldom while there is much. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(800);

  private static final Duration LOOK_NEAR_THE_END_EVERY = Duration.ofMillis(100);
  private static final long NEAR_THE_END = 500;

  /** People look more often than they buy; a twentieth is enough to see what happens to pages. */
  private static final int ORDERS_PER_PAGE = 20;

  private static final int PAGES_MIN = 10;
  private static final Duration LOOK_MAX = Duration.ofSeconds(5);

  private final Strategy strategy;
  private final Setup setup;
  private final Path folder;
  private final FaultCounts counts = new FaultCounts();
  private final World world;

  private StrategyRun(Strategy strategy, Setup setup) {
    this.strategy = strategy;
    this.setup = setup;
    this.folder = setup.root().resolve(strategy.label());
    this.world =
        new World(
            folder,
            setup.schedule(),
            setup.scheduleText(),
            counts,
            RunLogs.of(folder, strategy, setup.schedule(), setup.time()),
            new Addresses(),
            setup.time());
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
    Visitors.Seen seen;
    try (Connections placed =
            new Connections(book(folder), new Lifeline(H2Files.PLACED, setup.time()));
        Broker broker = setup.processes() ? Broker.serve(world) : Broker.open(world);
        ServiceLog customersLog = world.logs().ofOrders(Customers.CUSTOMERS, () -> false);
        ServiceLog pageLog = world.logs().ofPages("page");
        PageBackends backends = PageBackends.start(world, pageLog);
        Visitors visitors = visitors(backends, pageLog)) {
      Customers customers = customers(new OrderBook(placed.asSource()), broker, customersLog);
      try (Services services = startServices(broker)) {
        visitors.start(Math.max(PAGES_MIN, setup.orders() / ORDERS_PER_PAGE));
        customers.start();
        cameToRest = watch(broker, services, customers, progress, startNanos);
        customers.stop();
        seen = visitors.await();
      }
    }
    settle();
    Duration took = Duration.ofNanos(setup.time().nanos() - startNanos);
    return new Ended(folder, cameToRest, took, counts.counts(), counts.failedPayments(), seen);
  }

  /** The shop is closed, so its databases can be opened by those who work at night. */
  private void settle() throws InterruptedException {
    try (Connections payment = connections(Service.PAYMENT.label());
        Connections ledger = connections(H2Files.LEDGER);
        Connections leases = connections(H2Files.LEASES)) {
      Night.Places places =
          new Night.Places(
              payment.asSource(),
              ledger.asSource(),
              leases.asSource(),
              folder.resolve(H2Files.LEASES),
              setup.leases(),
              world.logs());
      new Night(strategy, places, setup.schedule(), counts, setup.time()).pass();
    }
  }

  private Connections connections(String file) {
    return new Connections(H2Files.open(folder, file, ""), new Lifeline(file, setup.time()));
  }

  private Customers customers(OrderBook placed, Broker broker, ServiceLog log) {
    Random random = new Random(strategy.label().hashCode());
    HttpDoor door = new HttpDoor(Service.ORDERS, world.addresses(), log);
    return new Customers(
        placed,
        deadline -> hasRoom(broker, deadline),
        log.watch(strategy.customer(door, setup.time(), random, log)),
        IdSource.of(setup.time(), random),
        setup.time());
  }

  private Visitors visitors(PageBackends backends, ServiceLog log) {
    return new Visitors(
        strategy, backends, log, setup.time(), new Random(strategy.title().hashCode()));
  }

  private static boolean hasRoom(Broker broker, Deadline deadline) throws InterruptedException {
    try {
      for (Service service : Service.values()) {
        if (broker.waiting(service, deadline) > Queues.CAPACITY / 2) {
          return false;
        }
      }
      return true;
    } catch (BackendException e) {
      return false;
    }
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

  private Services startServices(Broker broker) {
    return setup.processes()
        ? ProcessServices.start(strategy, world, broker)
        : LocalServices.start(strategy, world);
  }

  private boolean watch(
      Broker broker, Services services, Customers customers, Progress progress, long startNanos)
      throws InterruptedException {
    Deadline end = Deadline.after(setup.timeLimit(), setup.time());
    while (!end.hasExpired()) {
      services.failure().or(customers::failure).ifPresent(StrategyRun::fail);
      boolean allIn = customers.handedOver() == setup.orders();
      OptionalLong left = left(broker, services);
      long done = Math.max(0, customers.handedOver() - left.orElse(customers.handedOver()));
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
   * @param leases what grants the leases
   * @param timeLimit when to give up
   */
  public record Setup(
      Path root,
      long orders,
      Schedule schedule,
      String scheduleText,
      boolean processes,
      LeaseEngine leases,
      Duration timeLimit,
      TimeSource time) {}

  /**
   * A run that has ended.
   *
   * @param folder has its databases, closed
   * @param cameToRest nothing was under way any more
   * @param took how long it took
   * @param faults how many orders each kind came upon
   * @param failedPayments how many requests payment has failed, as the schedule says
   * @param pages what visitors got to see
   */
  public record Ended(
      Path folder,
      boolean cameToRest,
      Duration took,
      Map<String, Long> faults,
      long failedPayments,
      Visitors.Seen pages) {}

  /** Is told how far a run is. */
  @FunctionalInterface
  public interface Progress {

    /** Shows it. */
    void at(Strategy strategy, long done, long orders, Duration elapsed, Map<String, Long> faults);
  }
}
