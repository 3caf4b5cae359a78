package dev.ashlar.messaging.log;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who owns what in a group in memory, and how far the group has come; told the time. */
final class MemoryGroup {

  private final PartitionShares shares;
  private final Map<String, Long> committed = new HashMap<>();
  private final Set<String> finished = new HashSet<>();
  private boolean forgotten;

  /**
   * Makes a group that begins somewhere.
   *
   * @param epochsBehind its epochs are greater
   */
  MemoryGroup(StartAt start, Collection<MemoryPartition> partitions, long epochsBehind) {
    this.shares = new PartitionShares(epochsBehind);
    for (MemoryPartition partition : partitions) {
      committed.put(partition.id, partition.startOf(start));
    }
  }

  void expect(long member, long termNanos, long nowNanos) {
    shares.expect(member, termNanos, nowNanos);
  }

  void attend(long member, long termNanos, long nowNanos) {
    shares.attend(member, termNanos, nowNanos);
  }

  int size() {
    return shares.size();
  }

  long epochMax() {
    return shares.epochMax();
  }

  /** Nobody owns anything here again. */
  void forget() {
    forgotten = true;
  }

  boolean isForgotten() {
    return forgotten;
  }

  void leave(long member) {
    shares.leave(member);
  }

  void release(String partition, long epoch) {
    shares.release(partition, epoch);
  }

  void tick(Collection<MemoryPartition> partitions, long nowNanos) {
    shares.tick(partitions.stream().filter(this::isDue).map(each -> each.id).toList(), nowNanos);
  }

  /** A child waits until the group has finished its parents, or order per key would be lost. */
  private boolean isDue(MemoryPartition partition) {
    return !finished.contains(partition.id) && finished.containsAll(partition.parents);
  }

  Map<String, Long> ownedBy(long member) {
    return shares.ownedBy(member);
  }

  OwnedPartition.Standing standing(String partition, long epoch) {
    return shares.standing(partition, epoch);
  }

  /** Moves forwards only: committing an earlier position again changes nothing. */
  void commit(String partition, long number) {
    committed.merge(partition, number, Math::max);
  }

  void finish(String partition) {
    finished.add(partition);
    shares.end(partition);
  }

  long committed(String partition) {
    return committed.getOrDefault(partition, 0L);
  }

  Optional<Long> behind(MemoryPartition partition) {
    return finished.contains(partition.id)
        ? Optional.empty()
        : Optional.of(committed(partition.id));
  }
}
