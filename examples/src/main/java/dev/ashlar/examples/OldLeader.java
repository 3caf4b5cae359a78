package dev.ashlar.examples;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.elect.Elector;
import dev.ashlar.leases.elect.ElectorOptions;
import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.elect.TermListener;
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
import java.util.function.BooleanSupplier;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A leader is suspended, and another one is elected. The old one wakes up in its old term, writes,
 * and is refused by the database; then it knows, and stands again as anybody else.
 *
 * <pre>
 * host-a: elected, term 1
 * host-a: writes in term 1
 * host-b: elected, term 2
 * host-b: writes in term 2
 * host-a wakes up, and believes in Term 1 of billing
 * entry: token 1 of host-a refused, claimed by token 2 of host-b
 * host-a: term 1 ended, LOST: FENCED_BY_RESOURCE
 * host-a: current term: false
 * host-b: current term: true
 * entries: host-a host-b
 * </pre>
 *
 * <p>Run it with {@code main}; it takes about three seconds.
 */
public final class OldLeader {

  private static final LeaseName OFFICE = new LeaseName("billing");

  private final JdbcDataSource database = new JdbcDataSource();
  private final Guard<Connection> guard;
  private final PrintStream out;

  private OldLeader(PrintStream out) {
    this.out = out;
    database.setURL("jdbc:h2:mem:old-leader;DB_CLOSE_DELAY=-1");
    guard = Guard.over(JdbcFloor.of(database), Observer.none());
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new OldLeader(out).run();
  }

  private void run() throws Exception {
    JdbcLeaseSchema.create(database);
    transaction(tx -> execute(tx, "CREATE TABLE entry (id INT AUTO_INCREMENT, text VARCHAR)"));
    Machine a = new Machine();
    Machine b = new Machine();
    try (Leases ofA = leases("host-a", a, Duration.ofSeconds(2));
        Leases ofB = leases("host-b", b, Duration.ofSeconds(15));
        Elector electorA = elector("host-a", ofA, a);
        Elector electorB = elector("host-b", ofB, b)) {
      // [readme:old-leader]
      Leader first = new Leader("host-a");
      electorA.listen(first);
      electorA.start();
      await(b, first::leads);
      first.write();

      a.suspend();
      Leader second = new Leader("host-b");
      electorB.listen(second);
      electorB.start();
      await(b, second::leads);
      second.write();

      out.println("host-a wakes up, and believes in " + electorA.currentTerm().orElseThrow());
      first.write();
      await(b, () -> !first.leads());
      out.println(first.end);
      out.println("host-a: current term: " + electorA.currentTerm().isPresent());
      out.println("host-b: current term: " + electorB.currentTerm().isPresent());
      // [/readme]
    }
    out.println("entries: " + entries());
  }

  /** What one host does while it leads. */
  private final class Leader implements TermListener {
    private final String host;
    private volatile Optional<Claim<Connection>> claim = Optional.empty();
    private volatile String end = "";

    Leader(String host) {
      this.host = host;
    }

    @Override
    public void elected(Term term) throws InterruptedException {
      Deadline deadline = Deadline.after(Duration.ofSeconds(10), TimeSource.system());
      out.println(host + ": elected, term " + term.number());
      claim = Optional.of(guard.claim("entry", term.lease(), deadline).orThrow());
    }

    @Override
    public void ended(Term term, EndCause cause) {
      end = host + ": term " + term.number() + " ended, " + cause + ends(term);
      claim = Optional.empty();
    }

    private static String ends(Term term) {
      return term.lease().lossCause().map(cause -> ": " + cause).orElse("");
    }

    boolean leads() {
      return claim.isPresent();
    }

    void write() throws SQLException {
      Claim<Connection> mine = claim.orElseThrow();
      String insert = "INSERT INTO entry (text) VALUES ('" + host + "')";
      Fenced<Integer> fenced = transaction(tx -> mine.write(tx, () -> execute(tx, insert)));
      out.println(
          fenced instanceof Fenced.Rejected<Integer> rejected
              ? rejected.rejection().describe()
              : host + ": writes in term " + mine.fence().token().value());
    }
  }

  private static Elector elector(String host, Leases leases, TimeSource time) {
    ElectorOptions options = ElectorOptions.of(new SplittableRandom(host.hashCode()));
    return Elector.of(leases, OFFICE, options, time, Observer.none());
  }

  private Leases leases(String host, TimeSource time, Duration term) {
    LeaseStore store = JdbcLeaseStore.of(database, Observer.none());
    LeaseOptions options =
        LeaseOptions.of(host, new SplittableRandom(host.hashCode())).withTerm(term);
    return Leases.of(store, options, IdSource.system(), time, Observer.none());
  }

  private static void await(TimeSource time, BooleanSupplier condition)
      throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    while (!condition.getAsBoolean()) {
      if (deadline.hasExpired()) {
        throw new IllegalStateException("leader: not within 30 s");
      }
      time.sleep(Duration.ofMillis(5));
    }
  }

  private String entries() throws SQLException {
    return transaction(
        tx -> {
          try (Statement statement = tx.createStatement();
              var rows = statement.executeQuery("SELECT text FROM entry ORDER BY id")) {
            StringBuilder texts = new StringBuilder();
            while (rows.next()) {
              texts.append(texts.isEmpty() ? "" : " ").append(rows.getString(1));
            }
            return texts.toString();
          }
        });
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
