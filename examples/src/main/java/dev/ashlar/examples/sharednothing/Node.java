package dev.ashlar.examples.sharednothing;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One node: takes the leases of the partitions that it is told to own, claims them, and serves them
 * for as long as it has the lease. What it is told is a hint; the lease decides, and the floor
 * beside the rows proves it in each transaction.
 */
final class Node implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  /** A partition in this node's hands. */
  private record Hold(Lease lease, Claim<Connection> claim) {}

  private final String name;
  private final Wire wire;
  private final Leases leases;
  private final Map<String, Disk> disks;
  private final TimeSource time;
  private final Map<String, Hold> holds = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile Set<String> wanted = Set.of();
  private volatile boolean stopped;

  Node(String name, Wire wire, Map<String, Disk> disks, TimeSource time) {
    this.name = name;
    this.wire = wire;
    this.disks = disks;
    this.time = time;
    LeaseOptions options = LeaseOptions.of(name, new SplittableRandom(name.hashCode()));
    leases = Leases.of(wire, options, IdSource.system(), time, Observer.none());
    thread = new Thread(this::keep, "node-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Says which partitions this node should own from now on. */
  void assign(Set<String> partitions) {
    wanted = Set.copyOf(partitions);
  }

  Set<String> owned() {
    Set<String> owned = new TreeSet<>(holds.keySet());
    owned.removeIf(partition -> held(partition).isEmpty());
    return owned;
  }

  /** Does work in a partition, if this node owns it. */
  <V> Reply<V> serve(String partition, Rows.Work<V> work) throws SQLException {
    Optional<Claim<Connection>> claim = held(partition);
    if (claim.isEmpty()) {
      return unowned(partition);
    }
    return reply(
        partition,
        disk(partition)
            .transactions()
            .call(tx -> claim.get().write(tx, () -> work.on(new Rows(tx, partition)))));
  }

  /** What is done in two partitions at once. */
  interface Both<V> {
    V on(Rows one, Rows other) throws SQLException;
  }

  /** Whether two partitions are owned here and lie on one disk, so one transaction holds both. */
  boolean hasTogether(String one, String other) {
    return held(one).isPresent() && held(other).isPresent() && disk(one).equals(disk(other));
  }

  /** Does work in two partitions in one transaction, which the floors of both let through. */
  <V> Reply<V> serveBoth(String one, String other, Both<V> work) throws SQLException {
    Optional<Claim<Connection>> first = held(one);
    Optional<Claim<Connection>> second = held(other);
    if (first.isEmpty() || second.isEmpty()) {
      return unowned(first.isEmpty() ? one : other);
    }
    Fenced<Fenced<V>> fenced =
        disk(one)
            .transactions()
            .call(
                tx ->
                    first
                        .get()
                        .write(
                            tx,
                            () ->
                                second
                                    .get()
                                    .write(
                                        tx,
                                        () -> work.on(new Rows(tx, one), new Rows(tx, other)))));
    return fenced instanceof Fenced.Accepted<Fenced<V>> accepted
        ? reply(other, accepted.value())
        : unowned(one);
  }

  private Disk disk(String partition) {
    return Optional.ofNullable(disks.get(partition)).orElseThrow();
  }

  private Optional<Claim<Connection>> held(String partition) {
    return Optional.ofNullable(holds.get(partition))
        .filter(hold -> !stopped && hold.lease().stillHeld())
        .map(Hold::claim);
  }

  private <V> Reply<V> reply(String partition, Fenced<V> fenced) {
    return fenced instanceof Fenced.Accepted<V> accepted
        ? new Reply.Done<>(accepted.value())
        : unowned(partition);
  }

  private <V> Reply<V> unowned(String partition) {
    return new Reply.NotOwned<>(partition, name + " has no lease for it");
  }

  private void keep() {
    try {
      while (!stopped) {
        turn();
        time.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives back what should go elsewhere, and tries to get what is missing. */
  private void turn() throws InterruptedException {
    for (Map.Entry<String, Hold> entry : Map.copyOf(holds).entrySet()) {
      if (!wanted.contains(entry.getKey()) || !entry.getValue().lease().stillHeld()) {
        holds.remove(entry.getKey());
        entry.getValue().lease().close();
      }
    }
    try {
      for (String partition : wanted) {
        if (!stopped && !holds.containsKey(partition)) {
          take(partition);
        }
      }
    } catch (BackendException e) {
      // No answer from the store, or a lease that was gone at once: the next turn asks again.
      time.sleep(POLL);
    }
  }

  private void take(String partition) throws InterruptedException {
    Deadline deadline = Deadline.after(ANSWER_MAX, time);
    Optional<Lease> lease = leases.tryAcquire(new LeaseName(partition), deadline).lease();
    if (lease.isEmpty()) {
      return;
    }
    try {
      holds.put(partition, new Hold(lease.get(), claim(partition, lease.get(), deadline)));
    } finally {
      if (!holds.containsKey(partition)) {
        lease.get().close();
      }
    }
  }

  /** Before the first read: what the former owner has under way ends, or is refused. */
  private Claim<Connection> claim(String partition, Lease lease, Deadline deadline)
      throws InterruptedException {
    if (disk(partition).guard().claim(partition, lease, deadline)
        instanceof Fenced.Accepted<Claim<Connection>> accepted) {
      return accepted.value();
    }
    throw new BackendException(
        partition + ": lost before it was claimed", Effect.NONE, new Advice.Transient(), null);
  }

  /** Ends without a word to anybody: nothing is given back, and nobody is served any more. */
  void die() {
    wire.cut();
    stopped = true;
    thread.interrupt();
  }

  /** What was on its way when this node died: it has this node's fence, and arrives only now. */
  String sendLate(String partition) throws SQLException {
    Fence fence = Optional.ofNullable(holds.get(partition)).orElseThrow().claim().fence();
    Disk disk = disk(partition);
    Standing standing = disk.transactions().call(tx -> disk.floor().check(tx, partition, fence));
    return standing instanceof Standing.Differs differs
        ? "refused, claimed by " + differs.floor().map(Node::owner).orElse("nobody")
        : "accepted";
  }

  private static String owner(Fence fence) {
    return fence.holder().owner();
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    leases.close();
  }
}
