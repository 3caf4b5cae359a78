package dev.ashlar.messaging.log;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Who owns what in a group, as a state machine that is told the time.
 *
 *              grant, epoch + 1                      another shall have it
 *   (free) ----------------------------> OWNED ---------------------------> ASKED BACK
 *     ^                                    |                                    |
 *     |    release, leave, term is over    |     release, leave, term is over,  |
 *     +------------------------------------+------ or one term since asked -----+
 *
 * A partition is granted only while it is free, to whoever has fewest, so there is never a second
 * owner. Nothing is taken away from a live member at once: it is asked, as in Kafka's cooperative
 * rebalancing (KIP-429) and in the Kinesis library's graceful lease hand-over, and it is asked only
 * if somebody has two less. Every grant counts the partition's epoch up; that and nothing else is
 * what a commit is checked against.
 */

/** The members of a group, what each owns, and how far the group has come. */
final class MemoryGroup {

  private final Map<Long, Member> members = new LinkedHashMap<>();
  private final Map<String, Grant> grants = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, Long> committed = new HashMap<>();
  private final Set<String> finished = new HashSet<>();

  /** The places where a new group begins. */
  MemoryGroup(StartAt start, Collection<MemoryPartition> partitions) {
    for (MemoryPartition partition : partitions) {
      boolean elsewhere =
          start instanceof StartAt.After after
              && !after.position().partition().equals(partition.id);
      committed.put(partition.id, elsewhere ? 0 : partition.startOf(start));
    }
  }

  /** A member is there, as of now; one that was away too long is a new one in its place. */
  void attend(long member, long termNanos, long nowNanos) {
    members.put(member, new Member(termNanos, nowNanos));
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  int size() {
    return members.size();
  }

  void leave(long member) {
    members.remove(member);
    grants.values().removeIf(grant -> grant.member == member);
  }

  void release(String partition, long epoch) {
    Grant grant = grants.get(partition);
    if (grant != null && grant.epoch == epoch) {
      grants.remove(partition);
    }
  }

  /** Ends what is over, then gives what is free, then asks for what is unevenly spread. */
  void tick(Collection<MemoryPartition> partitions, long nowNanos) {
    members.values().removeIf(member -> nowNanos - member.seenNanos >= member.termNanos);
    grants.values().removeIf(grant -> isOver(grant, nowNanos));
    if (members.isEmpty()) {
      return;
    }
    for (MemoryPartition partition : partitions) {
      if (isDue(partition) && !grants.containsKey(partition.id)) {
        long epoch = epochs.merge(partition.id, 1L, Long::sum);
        grants.put(partition.id, new Grant(fewest(), epoch));
      }
    }
    askForWhatIsUneven(nowNanos);
  }

  /** A partition that is asked for counts for whoever will get it, which is whoever has fewest. */
  private void askForWhatIsUneven(long nowNanos) {
    Map<Long, Long> shares = new HashMap<>();
    members.keySet().forEach(member -> shares.put(member, share(member)));
    long asked = grants.values().stream().filter(grant -> grant.askedNanos != null).count();
    for (long i = 0; i < asked; i++) {
      shares.merge(least(shares).getKey(), 1L, Long::sum);
    }
    while (most(shares).getValue() - least(shares).getValue() > 1) {
      Long member = most(shares).getKey();
      Long fewest = least(shares).getKey();
      askOneOf(member, nowNanos);
      shares.merge(member, -1L, Long::sum);
      shares.merge(fewest, 1L, Long::sum);
    }
  }

  private static Map.Entry<Long, Long> least(Map<Long, Long> shares) {
    return Collections.min(shares.entrySet(), Map.Entry.comparingByValue());
  }

  private static Map.Entry<Long, Long> most(Map<Long, Long> shares) {
    return Collections.max(shares.entrySet(), Map.Entry.comparingByValue());
  }

  private boolean isOver(Grant grant, long nowNanos) {
    Member member = members.get(grant.member);
    return member == null
        || (grant.askedNanos != null && nowNanos - grant.askedNanos >= member.termNanos);
  }

  /** A child waits until the group has finished its parents, or order per key would be lost. */
  private boolean isDue(MemoryPartition partition) {
    return !finished.contains(partition.id) && finished.containsAll(partition.parents);
  }

  private Long fewest() {
    return Collections.min(members.keySet(), Comparator.comparingLong(this::share));
  }

  private long share(long member) {
    return grants.values().stream().filter(each -> each.isKeptBy(member)).count();
  }

  private void askOneOf(long member, long nowNanos) {
    grants.values().stream()
        .filter(grant -> grant.isKeptBy(member))
        .findFirst()
        .ifPresent(grant -> grant.askedNanos = nowNanos);
  }

  /** Returns the partitions of a member, with their epochs. */
  Map<String, Long> ownedBy(long member) {
    Map<String, Long> owned = new HashMap<>();
    grants.forEach(
        (partition, grant) -> {
          if (grant.member == member) {
            owned.put(partition, grant.epoch);
          }
        });
    return owned;
  }

  OwnedPartition.Standing standing(String partition, long epoch) {
    Grant grant = grants.get(partition);
    if (grant == null || grant.epoch != epoch) {
      return OwnedPartition.Standing.LOST;
    }
    return grant.askedNanos == null
        ? OwnedPartition.Standing.OWNED
        : OwnedPartition.Standing.ASKED_BACK;
  }

  /** Moves forwards only: committing an earlier position again changes nothing. */
  void commit(String partition, long number) {
    committed.merge(partition, number, Math::max);
  }

  void finish(String partition) {
    finished.add(partition);
    grants.remove(partition);
  }

  long committed(String partition) {
    return committed.getOrDefault(partition, 0L);
  }

  Optional<Long> behind(MemoryPartition partition) {
    return finished.contains(partition.id)
        ? Optional.empty()
        : Optional.of(committed(partition.id));
  }

  private record Member(long termNanos, long seenNanos) {}

  private static final class Grant {
    private final long member;
    private final long epoch;
    private @Nullable Long askedNanos;

    Grant(long member, long epoch) {
      this.member = member;
      this.epoch = epoch;
    }

    boolean isKeptBy(long other) {
      return member == other && askedNanos == null;
    }
  }
}
