package dev.ashlar.leases.own;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which member should own which partition.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param memberOf a member's id for each partition, by partition
 * @param capacities how many partitions each member takes at most, by id
 */
public record Assignment(
    SortedMap<String, String> memberOf, SortedMap<String, Integer> capacities) {

  /** Copies. */
  public Assignment {
    memberOf = Collections.unmodifiableSortedMap(new TreeMap<>(memberOf));
    capacities = Collections.unmodifiableSortedMap(new TreeMap<>(capacities));
  }

  /** Returns the member that should own a partition, if there is such a partition. */
  public Optional<String> member(String partition) {
    return Optional.ofNullable(memberOf.get(partition));
  }

  /** Returns the partitions that a member should own; none if it is not a member. */
  public SortedSet<String> partitionsOf(String member) {
    SortedSet<String> partitions = new TreeSet<>();
    for (Map.Entry<String, String> entry : memberOf.entrySet()) {
      if (entry.getValue().equals(member)) {
        partitions.add(entry.getKey());
      }
    }
    return partitions;
  }
}
