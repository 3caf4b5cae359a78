package dev.ashlar.leases.own;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.keep.Leases;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Owns the partitions of a group that are assigned to this node, each by a lease.
 *
 * <p>The assignment is a hint: it says what to ask for and what to hand over, and nodes may
 * disagree about it. The lease decides who owns a partition, and the guard of what is written
 * proves it.
 *
 * <p><b>Guarantees.</b> A partition that is {@linkplain #owned owned} by one node is owned by no
 * other, whomever it is assigned to, while clocks keep their bound; once its new owner has claimed
 * what is written, a former one that believes still is turned away, and hears of its loss
 * (LEASE-104). What is not assigned any more is not owned from that moment; then its listener ends
 * it, its lease is given back, and only then another node owns it; if the ending takes too long,
 * the lease is not given back, and its term runs out first. Each partition that a listener was told
 * of is told of once more, as handed over or as lost (LEASE-82). When a node dies, its partitions
 * are owned by those whom they are assigned to within two terms and the wait between two questions
 * (LEASE-83). A listener that hangs over one partition holds up no other (LEASE-84).
 *
 * <p><b>Not guaranteed.</b> That each partition has an owner: what is assigned to nobody who lives
 * has none, until the assignment changes. That the work of a former owner has ended when a
 * partition was lost: write through a guard, with the partition's lease.
 *
 * <p><b>Failures.</b> None: a store that does not answer is asked again. What listeners throw is
 * counted.
 *
 * <p><b>Threads.</b> Safe, also from listeners. A daemon thread looks what is due, and a few more
 * do it, as the options say, however many partitions there are.
 *
 * <p><b>Limits.</b> {@value #PARTITIONS_MAX} partitions at once, which is what one thread looks
 * through after each change in no time.
 *
 * <pre>{@code
 * try (PartitionOwner owner = PartitionOwner.of(leases, "orders", options, time, observer)) {
 *   owner.start(listener);
 *   owner.assign(assigner.assign(partitions, members).partitionsOf("host-1"));
 *   serve(partition -> owner.owned(partition).isPresent());
 * }
 * }</pre>
 *
 * @see PartitionAssigner
 * @see dev.ashlar.leases.guard.Guard
 */
public final class PartitionOwner implements AutoCloseable {

  /** The most partitions that are assigned to one node. */
  public static final int PARTITIONS_MAX = 1000;

  private final Ground ground;
  private final Holdings holdings;
  private final AtomicBoolean started = new AtomicBoolean();

  private PartitionOwner(Ground ground, OwnerOptions options) {
    this.ground = ground;
    this.holdings = new Holdings(ground, options);
  }

  /** What an owner stands on. */
  record Ground(Leases leases, String group, TimeSource time, Observer observer) {

    LeaseName name(String partition) {
      return new LeaseName(group + "." + partition);
    }
  }

  /**
   * Returns an owner of nothing, which does nothing before it is {@linkplain #start started}.
   *
   * @param leases closed after this, by the caller
   * @param group of the partitions: {@code group.partition} is the name of a lease, so the group
   *     has no dot, and both together up to 63 characters of A-Z a-z 0-9 . _ -
   * @param options how to take over and hand over
   * @param time the clock of the leases
   * @param observer is told of takeovers, losses and failures
   */
  public static PartitionOwner of(
      Leases leases, String group, OwnerOptions options, TimeSource time, Observer observer) {
    if (group.indexOf('.') >= 0) {
      throw new IllegalArgumentException("group: " + group + " (expected: no dot)");
    }
    Ground ground =
        new Ground(
            requireNonNull(leases, "leases"),
            group,
            requireNonNull(time, "time"),
            requireNonNull(observer, "observer"));
    LeaseName unused = ground.name("0");
    return new PartitionOwner(ground, requireNonNull(options, "options"));
  }

  /**
   * Begins to take over what is assigned.
   *
   * @param listener is told of it
   * @throws IllegalStateException if it was started before
   */
  public void start(OwnershipListener listener) {
    requireNonNull(listener, "listener");
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("owner: started before (expected: once)");
    }
    Thread thread = new Thread(() -> holdings.run(listener), "ashlar-owner-" + ground.group());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Says which partitions this node should own from now on: all of them, not a change.
   *
   * @throws IllegalArgumentException if there are more than {@value #PARTITIONS_MAX}, or one's name
   *     makes no lease's
   * @throws IllegalStateException if this is closed
   */
  public void assign(Set<String> partitions) {
    if (partitions.size() > PARTITIONS_MAX) {
      throw new IllegalArgumentException(
          "partitions: " + partitions.size() + " (expected: up to " + PARTITIONS_MAX + ")");
    }
    Set<String> copy = Set.copyOf(partitions);
    for (String partition : copy) {
      LeaseName unused = ground.name(partition);
    }
    holdings.assign(copy);
  }

  /** Returns what this node owns now, by the clock, and the lease of each. */
  public SortedMap<String, Lease> owned() {
    return holdings.owned();
  }

  /** Returns the lease of a partition, if this node owns it now, by the clock. */
  public Optional<Lease> owned(String partition) {
    return holdings.owned(partition);
  }

  /**
   * Hands everything over, as if nothing were assigned, and waits for that as long as the options
   * say; what is left then is left to its term. Called by the listener, it waits for nothing. Again
   * changes nothing.
   */
  @Override
  public void close() {
    holdings.close();
    if (!started.get() || holdings.isCalledByCrew()) {
      return;
    }
    try {
      holdings.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
