package dev.ashlar.leases.own;

import dev.ashlar.core.IdSource;
import dev.ashlar.leases.detect.Member;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rendezvous hashing with a bound on each member's load.
 *
 * <p>Each partition ranks the members by a hash of both names, and goes to the first that has room
 * for it; a member that is full keeps the partitions that rank highest with it. With no bound that
 * is rendezvous hashing, where a change moves nothing else, and loads differ by chance; a bound of
 * 100 per cent is an even split, where a change moves more.
 *
 * <p><b>Guarantees.</b> As {@link PartitionAssigner}; a member of weight w among members of weight
 * W gets at most ⌈bound × partitions × w / W⌉ (LEASE-62).
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> A bound of 125 per cent unless told otherwise, where of a group of twenty about
 * one partition of others moves for eight that have to. Partitions × members steps: some 20 ms for
 * 10,000 on 100, five times that with different weights.
 *
 * <pre>{@code
 * PartitionAssigner assigner = BoundedRendezvous.standard();
 * Assignment assignment = assigner.assign(partitions, view.up());
 * SortedSet<String> mine = assignment.partitionsOf("a");
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1608.01350">Mirrokni, Thorup, Zadimoghaddam: Consistent
 *     hashing with bounded loads</a>
 */
public final class BoundedRendezvous implements PartitionAssigner {

  private static final BoundedRendezvous STANDARD = new BoundedRendezvous(125);

  private final int boundPercent;

  private BoundedRendezvous(int boundPercent) {
    this.boundPercent = boundPercent;
  }

  /** Returns the assigner with a bound of 125 per cent. */
  public static BoundedRendezvous standard() {
    return STANDARD;
  }

  /**
   * Returns one with another bound.
   *
   * @param percent of a member's share, 100 to 1,000,000; all members of a group need the same
   */
  public static BoundedRendezvous withBound(int percent) {
    if (percent < 100 || percent > 1_000_000) {
      throw new IllegalArgumentException("percent: " + percent + " (expected: 100 to 1000000)");
    }
    return new BoundedRendezvous(percent);
  }

  @Override
  public Assignment assign(Set<String> partitions, Collection<Member> members) {
    List<String> names = checkedPartitions(partitions);
    List<Member> sorted = checkedMembers(members);
    long weights = sorted.stream().mapToLong(Member::weight).sum();
    List<Seats> seats =
        sorted.stream()
            .map(member -> new Seats(member, capacity(names.size(), member, weights)))
            .toList();
    return new Seating(names, seats).assignment();
  }

  /** Rounded up, so that the capacities together are never too small. */
  private int capacity(int partitions, Member member, long weights) {
    long whole = 100 * weights;
    long share = (long) boundPercent * partitions * member.weight();
    return (int) Math.min(partitions, (share + whole - 1) / whole);
  }

  private static List<String> checkedPartitions(Set<String> partitions) {
    if (partitions.size() > PARTITIONS_MAX) {
      throw new IllegalArgumentException(
          "partitions: " + partitions.size() + " (expected: up to " + PARTITIONS_MAX + ")");
    }
    for (String name : partitions) {
      if (!IdSource.isWellFormed(name)) {
        throw new IllegalArgumentException(
            "partition: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
      }
    }
    return partitions.stream().sorted().toList();
  }

  private static List<Member> checkedMembers(Collection<Member> members) {
    if (members.isEmpty() || members.size() > MEMBERS_MAX) {
      throw new IllegalArgumentException(
          "members: " + members.size() + " (expected: 1 to " + MEMBERS_MAX + ")");
    }
    Set<String> ids = new HashSet<>();
    for (Member member : members) {
      if (!ids.add(member.id())) {
        throw new IllegalArgumentException("members: " + member.id() + " twice (expected: once)");
      }
    }
    return members.stream().sorted(Comparator.comparing(Member::id)).toList();
  }
}
