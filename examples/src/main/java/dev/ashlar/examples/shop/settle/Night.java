package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.Fault;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.log.RunLogs;
import dev.ashlar.examples.shop.log.ServiceLog;
import dev.ashlar.examples.shop.log.Trail;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * A night: three instances of the settlement, of which one at a time should work, and one of which
 * stands still for longer than its turn lasts, if the schedule says so.
 */
public final class Night {

  private static final int INSTANCES = 3;

  /** Short, because it is what the others wait for when one stands still. */
  private static final Duration TERM = Duration.ofSeconds(1);

  /** What all instances of a night do is one undertaking. */
  private static final CorrelationId NIGHT = new CorrelationId("night");

  private static final Duration NIGHT_MAX = Duration.ofHours(12);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Strategy strategy;
  private final Places places;
  private final Schedule schedule;
  private final FaultLog log;
  private final TimeSource time;
  private final AtomicLong chunks = new AtomicLong();
  private volatile Optional<String> failure = Optional.empty();

  /**
   * Prepares a night.
   *
   * @param places where everything is
   */
  public Night(Strategy strategy, Places places, Schedule schedule, FaultLog log, TimeSource time) {
    this.strategy = strategy;
    this.places = places;
    this.schedule = schedule;
    this.log = log;
    this.time = time;
  }

  /**
   * Settles everything.
   *
   * @throws IllegalStateException if the night itself failed
   */
  public void pass() throws InterruptedException {
    try (LeaseEngine.Open engine = places.engine().open(places.leases(), places.folder(), time)) {
      prepare();
      List<Thread> instances = new ArrayList<>();
      for (int i = 1; i <= INSTANCES; i++) {
        String name = "settlement-" + i;
        LeaseStore store = engine.store();
        Thread thread = new Thread(() -> workAndLog(name, store), name);
        thread.setDaemon(true);
        instances.add(thread);
        thread.start();
      }
      for (Thread instance : instances) {
        instance.join();
      }
    }
    failure.ifPresent(
        what -> {
          throw new IllegalStateException(what);
        });
  }

  private void prepare() {
    try {
      new Ledger(places.ledger()).create();
      PlainLock.create(places.ledger());
      JdbcLeaseSchema.create(places.ledger());
    } catch (SQLException e) {
      throw new IllegalStateException("ledger: " + e.getMessage(), e);
    }
  }

  private void workAndLog(String name, LeaseStore store) {
    CallContext context =
        Trail.begin(NIGHT, IdSource.system(), Deadline.after(NIGHT_MAX, time), name);
    try (ServiceLog own = places.logs().ofJob(name)) {
      boolean unused = own.within("settlement", context, () -> work(name, store, own));
    }
  }

  private boolean work(String name, LeaseStore store, ServiceLog ownLog) {
    PausableTime own = new PausableTime(time);
    Instance.Steps steps = () -> read(own, ownLog);
    Charges charges = new Charges(places.payment());
    Ledger ledger = new Ledger(places.ledger());
    try {
      if (strategy == Strategy.DUAL_WRITES) {
        PlainLock lock = new PlainLock(places.ledger(), name, TERM, own);
        new LockedInstance(name, lock, charges, ledger, steps, own).run();
        return true;
      }
      LeaseOptions options =
          LeaseOptions.of(name, new Random(name.hashCode())).withTerm(TERM).withPollEvery(POLL);
      try (Leases leases = Leases.of(store, options, IdSource.system(), own, ownLog)) {
        Guard<Connection> guard = Guard.over(JdbcFloor.of(places.ledger()), ownLog);
        new FencedInstance(name, leases, guard, charges, ledger, steps, own).run();
      }
      return true;
    } catch (InterruptedException | SQLException | RuntimeException e) {
      failure = Optional.of(name + ": " + e);
      return false;
    }
  }

  private void read(PausableTime own, ServiceLog ownLog) throws InterruptedException {
    ownLog.say("chunk read");
    long chunk = chunks.incrementAndGet();
    Optional<Fault.Pause> pause = schedule.find(Fault.Pause.class, SettlementJob.SETTLEMENT, chunk);
    if (pause.isPresent()) {
      ownLog.watch(log).note("pause", SettlementJob.SETTLEMENT, chunk);
      own.pause(pause.get().length());
    }
  }

  /**
   * Where a night finds what it needs.
   *
   * @param payment the database with the charges
   * @param ledger the database of what is settled
   * @param leases the database of the leases, if they are in one
   * @param folder is there for what grants the leases, if it has files
   * @param engine what grants the leases
   * @param logs of the instances
   */
  public record Places(
      DataSource payment,
      DataSource ledger,
      DataSource leases,
      Path folder,
      LeaseEngine engine,
      RunLogs logs) {}
}
