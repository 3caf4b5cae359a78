package dev.ashlar.messaging.log;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Who owns what in a group:
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
/**
 * Shares the partitions of a log among the members of one group: a state machine that is told the
 * time and who is there, for engines that have no groups of their own.
 *
 * <p><b>Guarantees.</b> A partition has one owner at a time, and each grant has a greater epoch
 * than all before it in this object (LOG-4). A member that is not heard of for its term owns
 * nothing.
 *
 * <p><b>Not guaranteed.</b> That epochs grow across restarts: whoever outlives a restart begins
 * each life with epochs behind those of the last one.
 *
 * <p><b>Threads.</b> One at a time: it belongs under the lock of whoever has it.
 */
public final class PartitionShares {

  private final long epochsBehind;
  private final Map<Long, Member> members = new LinkedHashMap<>();
  private final Map<Long, Member> expected = new HashMap<>();
  private final Map<String, Grant> grants = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();

  /**
   * Begins without members.
   *
   * @param epochsBehind the first epoch of each partition is greater by one
   */
  public PartitionShares(long epochsBehind) {
    this.epochsBehind = epochsBehind;
  }

  /** A member will attend, and counts as there for one term; it gets nothing before it attends. */
  public void expect(long member, long termNanos, long nowNanos) {
    expected.put(member, new Member(termNanos, nowNanos));
  }

  /** A member is there, as of now; one that was away too long is a new one in its place. */
  public void attend(long member, long termNanos, long nowNanos) {
    expected.remove(member);
    members.put(member, new Member(termNanos, nowNanos));
  }

  /** Returns how many members there are, those included that are expected. */
  public int size() {
    return members.size() + expected.size();
  }

  /** Returns an epoch that none of those granted here is greater than. */
  public long epochMax() {
    return epochs.values().stream().mapToLong(Long::longValue).reduce(epochsBehind, Math::max);
  }

  /** A member leaves; what it owned is free. */
  public void leave(long member) {
    expected.remove(member);
    members.remove(member);
    grants.values().removeIf(grant -> grant.member == member);
  }

  /** An owner gives a partition back; what is not owned in that epoch stays as it is. */
  public void release(String partition, long epoch) {
    Grant grant = grants.get(partition);
    if (grant != null && grant.epoch == epoch) {
      grants.remove(partition);
    }
  }

  /** Nobody owns a partition, whoever did. */
  public void end(String partition) {
    grants.remove(partition);
  }

  /**
   * Ends what is over, then gives what is free, then asks for what is unevenly spread.
   *
   * @param due the partitions that may be owned now
   */
  public void tick(Collection<String> due, long nowNanos) {
    expected.values().removeIf(member -> nowNanos - member.seenNanos >= member.termNanos);
    members.values().removeIf(member -> nowNanos - member.seenNanos >= member.termNanos);
    grants.values().removeIf(grant -> isOver(grant, nowNanos));
    if (members.isEmpty()) {
      return;
    }
    for (String partition : due) {
      if (!grants.containsKey(partition)) {
        long epoch = epochs.merge(partition, epochsBehind + 1, (last, first) -> last + 1);
        grants.put(partition, new Grant(fewest(), epoch));
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
  public Map<String, Long> ownedBy(long member) {
    Map<String, Long> owned = new HashMap<>();
    grants.forEach(
        (partition, grant) -> {
          if (grant.member == member) {
            owned.put(partition, grant.epoch);
          }
        });
    return owned;
  }

  /** Returns how an ownership stands. */
  public OwnedPartition.Standing standing(String partition, long epoch) {
    Grant grant = grants.get(partition);
    if (grant == null || grant.epoch != epoch) {
      return OwnedPartition.Standing.LOST;
    }
    return grant.askedNanos == null
        ? OwnedPartition.Standing.OWNED
        : OwnedPartition.Standing.ASKED_BACK;
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
