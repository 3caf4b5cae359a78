package dev.ashlar.examples.benchmarks.leases;

import static dev.ashlar.examples.benchmarks.leases.LeaseCase.CLAIMS;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.CONTENDED;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.COUNTS;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.PAIRS;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.RENEWALS;

import com.zaxxer.hikari.HikariDataSource;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Peer;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.jdbc.JdbcLeaseStore;
import dev.ashlar.leases.zookeeper.ZooKeeperLeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/**
 * A lock or a store of leases to compare.
 *
 * @param peer its name, and what it promises to whoever holds it
 * @param server on which it works
 * @param cases what it can do
 * @param opener opens it
 */
record LeasePeer(Peer peer, LockServers server, Set<LeaseCase> cases, Opener opener) {

  /** So that a lease lasts for 15 s, two thirds of it, as on PostgreSQL. */
  private static final int SESSION_MILLIS = 22_500;

  private static final int CONNECT_MILLIS = 10_000;

  /** All of them, the yardstick of each server first. A further one is added here. */
  static final List<LeasePeer> ALL =
      List.of(
          new LeasePeer(
              new Peer(
                  "curator",
                  "Curator 5.9.0 InterProcessMutex",
                  "no number; held as long as the process pings, by a thread; next is who came"
                      + " first; an answer that got lost is found by its id"),
              LockServers.ZOOKEEPER,
              Set.of(PAIRS, CONTENDED, COUNTS),
              place -> new CuratorLocks(client(place))),
          new LeasePeer(
              new Peer(
                  "ashlar-zookeeper",
                  "Ashlar leases on ZooKeeper",
                  "a number that grows for ever; a term of 15 s, kept by quorum writes, ended by"
                      + " the holder's own clock; next is who came first; an answer that got lost"
                      + " is found by its nonce"),
              LockServers.ZOOKEEPER,
              Set.of(PAIRS, CONTENDED, COUNTS, RENEWALS),
              LeasePeer::leasesOnZooKeeper),
          new LeasePeer(
              new Peer(
                  "ashlar-zookeeper-store",
                  "the same, its store alone",
                  "as above; nobody renews it, and no clock ends it in the process"),
              LockServers.ZOOKEEPER,
              Set.of(PAIRS, CONTENDED, COUNTS),
              LeasePeer::storeOnZooKeeper),
          new LeasePeer(
              new Peer(
                  "sql",
                  "hand-written conditional UPDATE",
                  "a number; 15 s by the database's clock; nobody renews it; an answer that got"
                      + " lost leaves it taken until its end"),
              LockServers.POSTGRESQL,
              Set.of(PAIRS, CLAIMS, COUNTS),
              place -> new HandWrittenLocks(Rows.open(place.port()))),
          new LeasePeer(
              new Peer(
                  "ashlar-jdbc",
                  "Ashlar leases over JDBC",
                  "a number that grows for ever; a term of 15 s by the database's clock, renewed,"
                      + " ended by the holder's own clock; an answer that got lost is found by its"
                      + " nonce; each request has a deadline"),
              LockServers.POSTGRESQL,
              Set.of(PAIRS, CLAIMS, COUNTS, RENEWALS),
              LeasePeer::leasesOverJdbc),
          new LeasePeer(
              new Peer(
                  "ashlar-jdbc-store",
                  "the same, its store alone",
                  "as above; nobody renews it, and no clock ends it in the process"),
              LockServers.POSTGRESQL,
              Set.of(PAIRS, COUNTS),
              LeasePeer::storeOverJdbc),
          new LeasePeer(
              new Peer(
                  "shedlock",
                  "ShedLock 7.10.1, JdbcTemplate, usingDbTime",
                  "no number; 15 s by the database's clock; nobody renews it"),
              LockServers.POSTGRESQL,
              Set.of(PAIRS, COUNTS),
              place -> new ShedLocks(Rows.open(place.port()), place.time())),
          new LeasePeer(
              new Peer(
                  "spring",
                  "Spring Integration 7.1.2 JdbcLockRegistry",
                  "no number; 15 s by the process's wall clock; nobody renews it; held by a"
                      + " thread; its row is deleted"),
              LockServers.POSTGRESQL,
              Set.of(PAIRS, COUNTS),
              place -> new SpringLocks(Rows.open(place.port()))));

  static LeasePeer named(String name) {
    return ALL.stream()
        .filter(one -> one.peer().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("name: " + name + " (expected: a peer)"));
  }

  /**
   * Where to open.
   *
   * @param port of the server, or of what counts before it
   */
  record Place(int port, TimeSource time, Observer observer) {}

  /** Opens a peer, and makes what it keeps on the server if it is not there. */
  @FunctionalInterface
  interface Opener {

    /** Opens. */
    Locks open(Place place) throws Exception;
  }

  private static CuratorFramework client(Place place) throws InterruptedException {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString("127.0.0.1:" + place.port())
            .sessionTimeoutMs(SESSION_MILLIS)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(new RetryOneTime(100))
            .build();
    client.start();
    client.getZookeeperClient().blockUntilConnectedOrTimedOut();
    return client;
  }

  private static Locks leasesOnZooKeeper(Place place) throws InterruptedException {
    CuratorFramework client = client(place);
    ZooKeeperLeaseStore store = open(client, place);
    return new LeasesLocks(
        store, place.time(), place.observer(), Optional.empty(), () -> close(store, client));
  }

  private static Locks storeOnZooKeeper(Place place) throws InterruptedException {
    CuratorFramework client = client(place);
    ZooKeeperLeaseStore store = open(client, place);
    return new StoreLocks(store, () -> close(store, client));
  }

  private static ZooKeeperLeaseStore open(CuratorFramework client, Place place)
      throws InterruptedException {
    Deadline soon = Deadline.after(Duration.ofMillis(CONNECT_MILLIS), place.time());
    return ZooKeeperLeaseStore.open(client, "/ashlar/leases", soon, Observer.none());
  }

  private static void close(ZooKeeperLeaseStore store, CuratorFramework client) {
    store.close();
    client.close();
  }

  private static Locks leasesOverJdbc(Place place) throws Exception {
    HikariDataSource source = Rows.open(place.port());
    JdbcLeaseSchema.create(source);
    return new LeasesLocks(
        JdbcLeaseStore.of(source, Observer.none()),
        place.time(),
        place.observer(),
        Optional.of(new GuardedRows(source)),
        source);
  }

  private static Locks storeOverJdbc(Place place) throws Exception {
    HikariDataSource source = Rows.open(place.port());
    JdbcLeaseSchema.create(source);
    return new StoreLocks(JdbcLeaseStore.of(source, Observer.none()), source);
  }
}
