package dev.ashlar.examples;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.own.Assignment;
import dev.ashlar.leases.own.BoundedRendezvous;
import dev.ashlar.leases.own.OwnerOptions;
import dev.ashlar.leases.own.OwnershipListener;
import dev.ashlar.leases.own.PartitionOwner;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.h2.jdbcx.JdbcDataSource;

/**
 * Three nodes are restarted, one after the other, and no piece of work in their six partitions is
 * lost or done twice: a node that goes stops taking in, ends what goes on, writes a checkpoint with
 * the lease, and gives the lease back; then another one owns the partition, and goes on there.
 *
 * <pre>
 *           p0     p1     p2     p3     p4     p5
 * start     b@0    a@0    c@0    c@0    b@0    b@0
 * a goes    b@10   c@10   c@10   c@10   b@10   b@10
 * a is back b@20   a@20   c@20   c@20   b@20   b@20
 * b goes    a@30   a@30   c@30   c@30   a@30   c@30
 * b is back b@40   a@40   c@40   c@40   b@40   b@40
 * c goes    b@50   a@50   b@50   a@50   b@50   b@50
 * c is back b@60   a@60   c@60   c@60   b@60   b@60
 *
 * p0: b from 0, drained, saved 30, a from 30, drained, saved 40, b from 40, drained, saved 70
 * p1: a from 0, drained, saved 10, c from 10, drained, saved 20, a from 20, drained, saved 70
 * p2: c from 0, drained, saved 50, b from 50, drained, saved 60, c from 60, drained, saved 70
 * p3: c from 0, drained, saved 50, a from 50, drained, saved 60, c from 60, drained, saved 70
 * p4: b from 0, drained, saved 30, a from 30, drained, saved 40, b from 40, drained, saved 70
 * p5: b from 0, drained, saved 30, c from 30, drained, saved 40, b from 40, drained, saved 70
 * done: 420
 * </pre>
 *
 * <p>Each cell shows who owns the partition, and how many pieces of work were done before. A line
 * below shows what happened in one partition, in this order. Run it with {@code main}.
 */
public final class RollingTakeover {

  private static final TimeSource TIME = TimeSource.system();
  private static final TreeSet<String> PARTITIONS =
      new TreeSet<>(List.of("p0", "p1", "p2", "p3", "p4", "p5"));

  private final JdbcDataSource database = new JdbcDataSource();
  private final LeaseStore store = MemoryLeaseStore.of(TIME);
  private final Guard<Connection> guard;
  private final SortedMap<String, Node> nodes = new TreeMap<>();
  private final Map<String, List<String>> steps = new ConcurrentHashMap<>();
  private final PrintStream out;

  private RollingTakeover(PrintStream out) {
    this.out = out;
    database.setURL("jdbc:h2:mem:rolling-takeover;DB_CLOSE_DELAY=-1");
    guard = Guard.over(JdbcFloor.of(database), Observer.none());
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new RollingTakeover(out).run();
  }

  private void run() throws Exception {
    JdbcLeaseSchema.create(database);
    transaction(tx -> execute(tx, "CREATE TABLE checkpoint (part VARCHAR, done INT)"));
    for (String partition : PARTITIONS) {
      transaction(tx -> execute(tx, "INSERT INTO checkpoint VALUES ('" + partition + "', 0)"));
      steps.put(partition, Collections.synchronizedList(new ArrayList<>()));
    }
    out.println("%-10s".formatted("") + String.join("     ", PARTITIONS));
    for (String name : List.of("a", "b", "c")) {
      nodes.put(name, new Node(name));
    }
    settle("start");
    for (String name : List.of("a", "b", "c")) {
      restart(name);
    }
    for (Node node : nodes.values()) {
      node.close();
    }
    out.println();
    for (String partition : PARTITIONS) {
      out.println(partition + ": " + String.join(", ", stepsOf(partition)));
    }
    out.println("done: " + checkpoints());
  }

  private void restart(String name) throws InterruptedException {
    Node old = Optional.ofNullable(nodes.remove(name)).orElseThrow();
    Thread closing = new Thread(old::close, "closing-" + name);
    closing.start(); // Its partitions are handed over while the others are told.
    settle(name + " goes");
    closing.join();
    nodes.put(name, new Node(name));
    settle(name + " is back");
  }

  /** Tells all nodes what they should own, waits until they do, and does ten pieces of work. */
  private void settle(String what) throws InterruptedException {
    Assignment assignment =
        BoundedRendezvous.standard()
            .assign(PARTITIONS, nodes.keySet().stream().map(Member::of).toList());
    nodes.forEach((name, node) -> node.owner.assign(assignment.partitionsOf(name)));
    await(() -> PARTITIONS.stream().allMatch(each -> nodeOf(each, assignment).isReady(each)));
    StringBuilder row = new StringBuilder("%-10s".formatted(what));
    for (String partition : PARTITIONS) {
      Node node = nodeOf(partition, assignment);
      row.append("%-7s".formatted(node.name + "@" + node.work(partition, 10)));
    }
    out.println(row.toString().stripTrailing());
  }

  private List<String> stepsOf(String partition) {
    return Optional.ofNullable(steps.get(partition)).orElseThrow();
  }

  private Node nodeOf(String partition, Assignment assignment) {
    return Optional.ofNullable(nodes.get(assignment.member(partition).orElseThrow())).orElseThrow();
  }

  // [readme:rolling-takeover]
  /** One node: what it does in a partition between owning and handing over. */
  private final class Node implements OwnershipListener, AutoCloseable {
    private final String name;
    private final Leases leases;
    private final PartitionOwner owner;
    private final Map<String, Work> works = new ConcurrentHashMap<>();

    Node(String name) {
      this.name = name;
      leases = leases(name);
      OwnerOptions options = OwnerOptions.of(new SplittableRandom(name.hashCode()));
      owner =
          PartitionOwner.of(
              leases, "part", options.withPollEvery(Duration.ofMillis(50)), TIME, Observer.none());
      owner.start(this);
    }

    @Override
    public void owned(String partition, Lease lease) throws Exception {
      Claim<Connection> claim = guard.claim(partition, lease, soon()).orThrow();
      int done = checkpoint(partition); // Read after the claim, so nobody changes it any more.
      works.put(partition, new Work(claim, done));
      tell(partition, name + " from " + done);
    }

    @Override
    public void ending(String partition, Lease lease) throws Exception {
      Work work = Optional.ofNullable(works.remove(partition)).orElseThrow();
      int done = work.drain();
      tell(partition, "drained");
      transaction(tx -> work.claim.write(tx, () -> save(tx, partition, done)).orThrow());
      tell(partition, "saved " + done);
    }

    @Override
    public void lost(String partition, Lease lease) {
      works.remove(partition); // Whoever owns it next begins at the checkpoint.
      tell(partition, "lost");
    }

    // [/readme]

    private void tell(String partition, String step) {
      stepsOf(partition).add(step);
    }

    boolean isReady(String partition) {
      return owner.owned(partition).isPresent() && works.containsKey(partition);
    }

    /** Does some work, and returns from where. */
    int work(String partition, int pieces) {
      return Optional.ofNullable(works.get(partition)).orElseThrow().add(pieces);
    }

    @Override
    public void close() {
      owner.close();
      leases.close();
    }
  }

  /** What was done in a partition since the checkpoint, in memory. */
  private static final class Work {
    private final Claim<Connection> claim;
    private int done;

    Work(Claim<Connection> claim, int done) {
      this.claim = claim;
      this.done = done;
    }

    synchronized int add(int pieces) {
      done += pieces;
      return done - pieces;
    }

    synchronized int drain() {
      return done;
    }
  }

  private Leases leases(String name) {
    LeaseOptions options = LeaseOptions.of(name, new SplittableRandom(name.hashCode()));
    return Leases.of(store, options, IdSource.system(), TIME, Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TIME);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = soon();
    while (!condition.getAsBoolean()) {
      if (deadline.hasExpired()) {
        throw new IllegalStateException("owners: not within 30 s");
      }
      TIME.sleep(Duration.ofMillis(5));
    }
  }

  private static int save(Connection tx, String partition, int done) throws SQLException {
    return execute(
        tx, "UPDATE checkpoint SET done = " + done + " WHERE part = '" + partition + "'");
  }

  private int checkpoint(String partition) throws SQLException {
    String sql = "SELECT done FROM checkpoint WHERE part = '" + partition + "'";
    return transaction(tx -> number(tx, sql));
  }

  private int checkpoints() throws SQLException {
    return transaction(tx -> number(tx, "SELECT SUM(done) FROM checkpoint"));
  }

  private static int number(Connection tx, String sql) throws SQLException {
    try (Statement statement = tx.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static int execute(Connection tx, String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private interface Unit<R> {
    R run(Connection tx) throws SQLException;
  }

  private <R> R transaction(Unit<R> work) throws SQLException {
    try (Connection tx = database.getConnection()) {
      tx.setAutoCommit(false);
      R result = work.run(tx);
      tx.commit();
      return result;
    }
  }
}
