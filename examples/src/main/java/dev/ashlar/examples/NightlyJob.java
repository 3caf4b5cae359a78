package dev.ashlar.examples;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.jdbc.JdbcLeaseStore;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.zookeeper.ZooKeeperLeaseStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The same job over three lease stores: two hosts want to pay the night's interest, and it is paid
 * once. Which store grants the lease is one line; the account's guard is the database's in any
 * case, because the number is checked where the money is.
 *
 * <pre>
 * memory: host-a has the lease, host-b does not wait for it
 * memory: host-a pays 10
 * memory: host-b comes later, its number is larger: true
 * memory: host-b finds it paid
 * memory: balance 110; tokens UNTIL_RESET, fairness NONE, a term PER_LEASE
 *
 * jdbc: host-a has the lease, host-b does not wait for it
 * jdbc: host-a pays 10
 * jdbc: host-b comes later, its number is larger: true
 * jdbc: host-b finds it paid
 * jdbc: balance 110; tokens UNTIL_RESET, fairness NONE, a term PER_LEASE
 *
 * zookeeper: host-a has the lease, host-b does not wait for it
 * zookeeper: host-a pays 10
 * zookeeper: host-b comes later, its number is larger: true
 * zookeeper: host-b finds it paid
 * zookeeper: balance 110; tokens STRICT, fairness FIFO, a term PER_STORE
 * </pre>
 *
 * A database in memory forgets its numbers at the end, and says so. Run it with {@code main}: it
 * starts the database, and a ZooKeeper server of one node with files in a temporary folder.
 */
public final class NightlyJob {

  private static final LeaseName NIGHTLY = new LeaseName("nightly");
  private static final TimeSource TIME = TimeSource.system();

  private final JdbcDataSource database = new JdbcDataSource();
  private final PrintStream out;

  private NightlyJob(PrintStream out) {
    this.out = out;
    database.setURL("jdbc:h2:mem:nightly-job;DB_CLOSE_DELAY=-1");
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new NightlyJob(out).run();
  }

  private void run() throws Exception {
    JdbcLeaseSchema.create(database);
    transaction(
        tx -> execute(tx, "CREATE TABLE account (name VARCHAR, balance INT, paid BOOLEAN)"));
    try (Server server = Server.start();
        CuratorFramework client = server.client()) {
      // [readme:nightly-job]
      twoHosts("memory", MemoryLeaseStore.of(TIME));
      out.println();
      twoHosts("jdbc", JdbcLeaseStore.of(database, Observer.none()));
      out.println();
      try (ZooKeeperLeaseStore store =
          ZooKeeperLeaseStore.open(client, "/leases", soon(), Observer.none())) {
        twoHosts("zookeeper", store);
      }
      // [/readme]
    }
  }

  /** Everything from here on knows no more than a store of leases. */
  private void twoHosts(String name, LeaseStore store) throws Exception {
    transaction(tx -> execute(tx, "INSERT INTO account VALUES ('" + name + "', 100, FALSE)"));
    long first;
    try (Leases ofA = leases("host-a", store);
        Leases ofB = leases("host-b", store)) {
      try (Lease lease = granted(ofA.acquire(NIGHTLY, soon()))) {
        if (ofB.tryAcquire(NIGHTLY, soon()) instanceof Acquisition.Held held) {
          String owner = held.current().map(Grant::fence).orElseThrow().holder().owner();
          out.println(name + ": " + owner + " has the lease, host-b does not wait for it");
        }
        payOnce(name, "host-a", lease);
        first = lease.token().value();
      }
      try (Lease lease = granted(ofB.acquire(NIGHTLY, soon()))) {
        boolean larger = lease.token().value() > first;
        out.println(name + ": host-b comes later, its number is larger: " + larger);
        payOnce(name, "host-b", lease);
      }
    }
    out.println(name + ": balance " + balance(name) + "; " + described(store));
  }

  /** The claim comes before the first read; the number is checked in the writing transaction. */
  private void payOnce(String account, String host, Lease lease) throws Exception {
    Guard<Connection> guard = Guard.over(JdbcFloor.of(database), Observer.none());
    Claim<Connection> claim = guard.claim(account, lease, soon()).orThrow();
    int paid = transaction(tx -> claim.write(tx, () -> pay(tx, account)).orThrow());
    out.println(account + ": " + host + (paid == 1 ? " pays 10" : " finds it paid"));
  }

  private static int pay(Connection tx, String account) throws SQLException {
    return execute(
        tx,
        "UPDATE account SET balance = balance + 10, paid = TRUE WHERE NOT paid AND name = '"
            + account
            + "'");
  }

  private static Leases leases(String host, LeaseStore store) {
    LeaseOptions options = LeaseOptions.of(host, new SplittableRandom(host.hashCode()));
    return Leases.of(store, options, IdSource.system(), TIME, Observer.none());
  }

  private static Lease granted(Acquisition acquisition) {
    return acquisition.lease().orElseThrow();
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TIME);
  }

  private static String described(LeaseStore store) {
    var promised = store.guarantees();
    return "tokens %s, fairness %s, a term %s"
        .formatted(promised.tokens(), promised.fairness(), promised.terms());
  }

  private int balance(String account) throws SQLException {
    return transaction(
        tx -> {
          try (Statement statement = tx.createStatement();
              var rows =
                  statement.executeQuery(
                      "SELECT balance FROM account WHERE name = '" + account + "'")) {
            rows.next();
            return rows.getInt(1);
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

  /** A ZooKeeper of one node, in this process: whoever has an ensemble needs only the client. */
  private record Server(Path folder, ZooKeeperServer server, ServerCnxnFactory connections)
      implements AutoCloseable {

    private static final int TICK_MILLIS = 100;
    private static final int SESSION_MILLIS = 6_000;

    static Server start() throws IOException, InterruptedException {
      Path folder = Files.createTempDirectory("nightly-job");
      ZooKeeperServer server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MILLIS);
      server.setMaxSessionTimeout(SESSION_MILLIS);
      ServerCnxnFactory connections = new NIOServerCnxnFactory();
      connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      connections.startup(server);
      return new Server(folder, server, connections);
    }

    CuratorFramework client() {
      CuratorFramework client =
          CuratorFrameworkFactory.builder()
              .connectString("127.0.0.1:" + connections.getLocalPort())
              .sessionTimeoutMs(SESSION_MILLIS)
              .connectionTimeoutMs(SESSION_MILLIS)
              .retryPolicy(new RetryOneTime(10))
              .build();
      client.start();
      return client;
    }

    @Override
    public void close() throws IOException {
      connections.shutdown();
      server.shutdown(true);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
