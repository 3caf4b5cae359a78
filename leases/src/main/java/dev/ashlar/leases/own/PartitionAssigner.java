package dev.ashlar.leases.own;

import dev.ashlar.leases.detect.Member;
import java.util.Collection;
import java.util.Set;

/**
 * Says which member should own which partition: a pure function, so that all who have the same view
 * come to the same answer without talking.
 *
 * <p>An assignment is a hint. Views differ while a failure is being noticed, and then two members
 * believe in one partition; the partition's lease is what decides, and the floor at the resource is
 * what proves it.
 *
 * <p><b>Guarantees.</b> Each partition has exactly one member, and the same input gives the same
 * answer, in whatever order it comes and in whatever process (LEASE-61). No member has more than
 * its {@linkplain Assignment#capacities capacity} (LEASE-62). When a member goes, a partition of
 * another moves only if its member has become full, or the one that it moves to had been; the same
 * holds, the other way round, when one comes (LEASE-63).
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> {@value #MEMBERS_MAX} members, {@value #PARTITIONS_MAX} partitions.
 */
@FunctionalInterface
public interface PartitionAssigner {

  /** The most members; each process computes the whole assignment itself. */
  int MEMBERS_MAX = 1000;

  /** The most partitions; each owned one is a lease of its own, and no store likes more. */
  int PARTITIONS_MAX = 100_000;

  /**
   * Assigns.
   *
   * @param partitions names, 1 to 64 of A-Z a-z 0-9 . _ -
   * @param members at least one, and no id twice
   * @throws IllegalArgumentException if there is nobody to assign to, or too much
   */
  Assignment assign(Set<String> partitions, Collection<Member> members);
}
