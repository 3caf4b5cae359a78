package dev.ashlar.examples;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.keep.Scoped;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A worker is cut off from the store of leases, but not from the database that it writes to. It
 * goes on for as long as nobody else can have its lease, by its own clock; then it is interrupted,
 * and only after that another one begins. An entry that it had sent before arrives late, and is
 * refused.
 *
 * <pre>
 * host-a: writes, HELD
 * host-a is cut off from the store of leases
 * host-a: writes, SUSPECT
 * host-a: interrupted, LOST
 * host-a: DEADLINE, its work has ended: true
 * host-b: writes, HELD; it got the lease after host-a had stopped: true
 * host-a: writes no more: NotHeld[state=LOST]
 * what host-a had sent before arrives: entry: token 1 of host-a refused, claimed by token 2 of host-b
 * entries: host-a host-a host-b
 * </pre>
 *
 * <p>Run it with {@code main}; it takes five seconds, the term of the lease and a little.
 */
public final class CutOffWorker {

  private static final LeaseName IMPORT = new LeaseName("import");
  private static final TimeSource TIME = TimeSource.system();

  private final JdbcDataSource database = new JdbcDataSource();
  private final JdbcFloor floor;
  private final Guard<Connection> guard;
  private final PrintStream out;

  private CutOffWorker(PrintStream out) {
    this.out = out;
    database.setURL("jdbc:h2:mem:cut-off-worker;DB_CLOSE_DELAY=-1");
    floor = JdbcFloor.of(database);
    guard = Guard.over(floor, Observer.none());
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new CutOffWorker(out).run();
  }

  private void run() throws Exception {
    JdbcLeaseSchema.create(database);
    transaction(tx -> execute(tx, "CREATE TABLE entry (id INT AUTO_INCREMENT, host VARCHAR)"));
    LeaseStore store = MemoryLeaseStore.of(TIME);
    CutStore wire = new CutStore(store);
    try (Leases ofA = leases("host-a", wire);
        Leases ofB = leases("host-b", store)) {
      FutureTask<Moment> successor = new FutureTask<>(() -> succeed(ofB));
      Worker worker = new Worker(wire, new Thread(successor, "host-b"));
      // [readme:cut-off-worker]
      Scoped<Integer> end = ofA.call(IMPORT, soon(), worker::work);
      if (end instanceof Scoped.Lost<Integer> lost) {
        out.println("host-a: " + lost.cause() + ", its work has ended: " + lost.ended());
      }
      // [/readme]
      long stopped = TIME.nanos();
      Moment taken = successor.get();
      writeBehind(taken, taken.nanos() - stopped > 0);
      late(worker.claim.orElseThrow());
      taken.lease().close();
    }
    out.println("entries: " + entries());
  }

  /** The work of host a: whoever runs it under the lease interrupts it when the lease is lost. */
  private final class Worker {
    private final CutStore wire;
    private final Thread successor;
    private Optional<Claim<Connection>> claim = Optional.empty();

    Worker(CutStore wire, Thread successor) {
      this.wire = wire;
      this.successor = successor;
    }

    int work(Lease lease) throws InterruptedException, SQLException {
      Claim<Connection> mine = guard.claim("entry", lease, soon()).orThrow();
      claim = Optional.of(mine);
      write(mine, "host-a");
      out.println("host-a: writes, " + lease.state());
      wire.cut();
      successor.start();
      out.println("host-a is cut off from the store of leases");
      awaitDoubt(lease);
      write(mine, "host-a");
      out.println("host-a: writes, " + lease.state());
      try {
        TIME.sleep(Duration.ofSeconds(30));
        return 0;
      } catch (InterruptedException e) {
        out.println("host-a: interrupted, " + lease.state());
        throw e;
      }
    }

    private void awaitDoubt(Lease lease) throws InterruptedException {
      while (lease.state() == LeaseState.HELD) {
        TIME.sleep(Duration.ofMillis(5));
      }
    }
  }

  /** A lease, and when it was got. */
  private record Moment(Lease lease, long nanos) {}

  private static Moment succeed(Leases ofB) throws InterruptedException {
    Lease lease = ofB.acquire(IMPORT, soon()).lease().orElseThrow();
    return new Moment(lease, TIME.nanos());
  }

  private void writeBehind(Moment taken, boolean after) throws Exception {
    write(guard.claim("entry", taken.lease(), soon()).orThrow(), "host-b");
    out.println(
        "host-b: writes, "
            + taken.lease().state()
            + "; it got the lease after host-a had stopped: "
            + after);
  }

  /** The guard in host a asks nobody any more; what is on its way, the database has to refuse. */
  private void late(Claim<Connection> old) throws SQLException {
    var answer = transaction(tx -> old.write(tx, () -> insert(tx, "host-a")));
    out.println("host-a: writes no more: " + answer);
    Fence sent = old.fence();
    Standing standing = transaction(tx -> arrive(tx, sent));
    if (standing instanceof Standing.Differs differs) {
      FenceRejection rejection = new FenceRejection("entry", sent, differs.floor());
      out.println("what host-a had sent before arrives: " + rejection.describe());
    }
  }

  /** What a service in front of the data does with a request that brings its fence along. */
  private Standing arrive(Connection tx, Fence sent) throws SQLException {
    Standing standing = floor.check(tx, "entry", sent);
    if (standing instanceof Standing.Level) {
      insert(tx, sent.holder().owner());
    }
    return standing;
  }

  private void write(Claim<Connection> claim, String host) throws SQLException {
    transaction(tx -> claim.write(tx, () -> insert(tx, host)).orThrow());
  }

  private static int insert(Connection tx, String host) throws SQLException {
    return execute(tx, "INSERT INTO entry (host) VALUES ('" + host + "')");
  }

  /** The bound on drift is a wide one, so that a slow machine prints the same. */
  private static Leases leases(String host, LeaseStore store) {
    LeaseOptions options =
        LeaseOptions.of(host, new SplittableRandom(host.hashCode()))
            .withTerm(Duration.ofSeconds(4))
            .withDriftBound(0.2);
    return Leases.of(store, options, IdSource.system(), TIME, Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TIME);
  }

  private String entries() throws SQLException {
    return transaction(
        tx -> {
          try (Statement statement = tx.createStatement();
              var rows = statement.executeQuery("SELECT host FROM entry ORDER BY id")) {
            StringBuilder hosts = new StringBuilder();
            while (rows.next()) {
              hosts.append(hosts.isEmpty() ? "" : " ").append(rows.getString(1));
            }
            return hosts.toString();
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

  /**
   * The way of one host to the store; once it is cut, requests wait for answers that never come.
   */
  private static final class CutStore implements LeaseStore {
    private final LeaseStore store;
    private volatile boolean cut;

    CutStore(LeaseStore store) {
      this.store = store;
    }

    void cut() {
      cut = true;
    }

    private interface Request<V> {
      Answer<V> ask() throws InterruptedException;
    }

    private <V> Answer<V> answer(Request<V> request, Deadline deadline)
        throws InterruptedException {
      if (!cut) {
        return request.ask();
      }
      deadline.time().sleep(deadline.remaining());
      return new Answer.Unknown<>(
          new BackendException("store: no answer", Effect.UNKNOWN, new Advice.Transient(), null));
    }

    @Override
    public Guarantees guarantees() {
      return store.guarantees();
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      return answer(() -> store.grant(contender, term, deadline), deadline);
    }

    @Override
    public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
        throws InterruptedException {
      return answer(() -> store.extend(fence, term, deadline), deadline);
    }

    @Override
    public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline)
        throws InterruptedException {
      return answer(() -> store.inspect(name, deadline), deadline);
    }

    @Override
    public Answer<Contender> release(Contender contender, Deadline deadline)
        throws InterruptedException {
      return answer(() -> store.release(contender, deadline), deadline);
    }
  }
}
