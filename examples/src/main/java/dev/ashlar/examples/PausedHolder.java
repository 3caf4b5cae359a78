package dev.ashlar.examples;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.jdbc.JdbcLeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import org.h2.jdbcx.JdbcDataSource;

/** The holder of a lease is suspended; its successor writes; the late write is refused. */
public final class PausedHolder {

  private static final LeaseName NIGHTLY = new LeaseName("nightly");

  private final JdbcDataSource database = new JdbcDataSource();
  private final PrintStream out;

  private PausedHolder(PrintStream out) {
    this.out = out;
    database.setURL("jdbc:h2:mem:paused-holder;DB_CLOSE_DELAY=-1");
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    new PausedHolder(System.out).run();
  }

  static void run(PrintStream out) throws Exception {
    new PausedHolder(out).run();
  }

  private void run() throws Exception {
    JdbcLeaseSchema.create(database);
    transaction(tx -> execute(tx, "CREATE TABLE account (balance INT)"));
    transaction(tx -> execute(tx, "INSERT INTO account VALUES (100)"));
    Machine a = new Machine();
    Machine b = new Machine();

    // [readme:paused-holder]
    Guard<Connection> guard = Guard.over(JdbcFloor.of(database), Observer.none());
    try (Leases ofA = leases("host-a", a, Duration.ofSeconds(2));
        Leases ofB = leases("host-b", b, Duration.ofSeconds(15))) {
      Lease first = ofA.acquire(NIGHTLY, within(a)).lease().orElseThrow();
      Claim<Connection> old = guard.claim("account", first, within(a)).orThrow();
      out.println("host-a: token " + first.token().value() + ", balance " + balance());

      a.suspend(); // A live migration: its clocks stand still, the store's does not.
      Lease second = ofB.acquire(NIGHTLY, within(b)).lease().orElseThrow();
      Claim<Connection> claim = guard.claim("account", second, within(b)).orThrow();
      int balance = balance(); // Read after the claim, so no former holder can change it any more.
      transaction(tx -> claim.write(tx, () -> setBalance(tx, balance + 50)));
      out.println("host-b: token " + second.token().value() + ", balance " + balance());

      // Host a wakes up where it was: not a tick has passed on its clock.
      out.println("host-a: believes " + first.state());
      Fenced<Integer> late = transaction(tx -> old.write(tx, () -> setBalance(tx, 107)));
      if (late instanceof Fenced.Rejected<Integer> rejected) {
        out.println("host-a: " + rejected.rejection().describe());
      }
      out.println("host-a: " + first.state() + ", " + first.lossCause().orElseThrow());
      out.println("balance: " + balance());
    }
    // [/readme]
  }

  private Leases leases(String host, TimeSource time, Duration term) {
    LeaseStore store = JdbcLeaseStore.of(database, Observer.none());
    LeaseOptions options =
        LeaseOptions.of(host, new SplittableRandom(host.hashCode())).withTerm(term);
    return Leases.of(store, options, IdSource.system(), time, Observer.none());
  }

  private static Deadline within(TimeSource time) {
    return Deadline.after(Duration.ofSeconds(30), time);
  }

  private int balance() throws SQLException {
    return transaction(
        tx -> {
          try (Statement statement = tx.createStatement();
              var rows = statement.executeQuery("SELECT balance FROM account")) {
            rows.next();
            return rows.getInt(1);
          }
        });
  }

  private static int setBalance(Connection tx, int balance) throws SQLException {
    return execute(tx, "UPDATE account SET balance = " + balance);
  }

  private static int execute(Connection tx, String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private interface Work<R> {
    R run(Connection tx) throws SQLException;
  }

  private <R> R transaction(Work<R> work) throws SQLException {
    try (Connection tx = database.getConnection()) {
      tx.setAutoCommit(false);
      R result = work.run(tx);
      tx.commit();
      return result;
    }
  }

  /** The clocks of a machine that can be suspended: they stand still then, until they are set. */
  private static final class Machine implements TimeSource {
    private final TimeSource real = TimeSource.system();
    private volatile Optional<Clocks> stopped = Optional.empty();

    private record Clocks(long nanos, Instant wall) {}

    void suspend() {
      stopped = Optional.of(new Clocks(real.nanos(), real.wallTime()));
    }

    @Override
    public long nanos() {
      return stopped.map(Clocks::nanos).orElseGet(real::nanos);
    }

    @Override
    public Instant wallTime() {
      return stopped.map(Clocks::wall).orElseGet(real::wallTime);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration);
    }

    @Override
    public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
      return real.await(condition, deadline);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return real.after(delay, task);
    }
  }
}
