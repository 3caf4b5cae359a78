package dev.ashlar.examples.sharednothing;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.own.OwnerOptions;
import dev.ashlar.leases.own.OwnershipListener;
import dev.ashlar.leases.own.PartitionOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One node: has the leases of the partitions that it is told to own, claims them, and serves them
 * for as long as it has the lease. What it is told is a hint; the lease decides, and the floor
 * beside the rows proves it in each transaction.
 */
final class Node implements OwnershipListener, AutoCloseable {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private final String name;
  private final Wire wire;
  private final Map<String, Disk> disks;
  private final TimeSource time;
  private final Leases leases;
  private final PartitionOwner owner;
  private final Map<String, Claim<Connection>> claims = new ConcurrentHashMap<>();
  private volatile boolean dead;

  Node(String name, Wire wire, Map<String, Disk> disks, TimeSource time) {
    this.name = name;
    this.wire = wire;
    this.disks = disks;
    this.time = time;
    SplittableRandom random = new SplittableRandom(name.hashCode());
    leases =
        Leases.of(
            wire, LeaseOptions.of(name, random.split()), IdSource.system(), time, Observer.none());
    OwnerOptions options = OwnerOptions.of(random).withPollEvery(Duration.ofMillis(200));
    owner = PartitionOwner.of(leases, "shop", options, time, Observer.none());
    owner.start(this);
  }

  /** Says which partitions this node should own from now on. */
  void assign(Set<String> partitions) {
    owner.assign(partitions);
  }

  /** Before the first read: what the former owner has under way ends, or is refused. */
  @Override
  public void owned(String partition, Lease lease) throws InterruptedException {
    Deadline deadline = Deadline.after(ANSWER_MAX, time);
    claims.put(partition, disk(partition).guard().claim(partition, lease, deadline).orThrow());
  }

  /** All is in the rows already: there is nothing to save. */
  @Override
  public void ending(String partition, Lease lease) {
    claims.remove(partition);
  }

  /** Who died keeps what it had in its hands. */
  @Override
  public void lost(String partition, Lease lease) {
    if (!dead) {
      claims.remove(partition);
    }
  }

  Set<String> owned() {
    return dead ? Set.of() : owner.owned().keySet();
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
    return dead || owner.owned(partition).isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(claims.get(partition));
  }

  private <V> Reply<V> reply(String partition, Fenced<V> fenced) {
    return fenced instanceof Fenced.Accepted<V> accepted
        ? new Reply.Done<>(accepted.value())
        : unowned(partition);
  }

  private <V> Reply<V> unowned(String partition) {
    return new Reply.NotOwned<>(partition, name + " has no lease for it");
  }

  /** Ends without a word to anybody: nothing is given back, and nobody is served any more. */
  void die() {
    dead = true;
    wire.cut();
  }

  /** What was on its way when this node died: it has this node's fence, and arrives only now. */
  String sendLate(String partition) throws SQLException {
    Fence fence = Optional.ofNullable(claims.get(partition)).orElseThrow().fence();
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
    owner.close();
    leases.close();
  }
}
