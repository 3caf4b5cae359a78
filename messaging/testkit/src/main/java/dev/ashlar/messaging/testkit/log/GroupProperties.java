package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.OwnedPartition.Standing;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** That groups go on where they were, each for itself, with one owner for each partition. */
abstract class GroupProperties extends ReadingProperties {

  @Test
  @Proves("LOG-3")
  void eachGroupReadsEverythingAndMovesNoOther() throws Exception {
    EventLog log = log();
    appendAll(log, 5);
    OwnedPartition one = ownOne(join(log, "one"));
    List<LogRecord> read = readNow(one, 5);
    one.commit(read.get(4).position(), soon());

    OwnedPartition other = ownOne(join(log, "other"));

    assertThat(lag(log, "other")).isEqualTo(5);
    assertThat(readNow(other, 5)).isEqualTo(read);
    assertThat(lag(log, "one")).isZero();
  }

  @Test
  @Proves("LOG-4")
  void aTakeOverHasAGreaterEpochAndTheFormerOwnersCommitIsLost() throws Exception {
    EventLog log = log();
    appendAll(log, 4);
    OwnedPartition former = ownOne(join(log, "group"));
    List<LogRecord> read = readNow(former, 4);
    former.commit(read.get(0).position(), soon());
    GroupMember next = join(log, "group");
    stayAway();
    OwnedPartition owner = ownOne(next);

    assertThat(owner.epoch()).isGreaterThan(former.epoch());
    assertThat(former.commit(read.get(3).position(), soon())).isEqualTo(new CommitResult.Lost());

    assertThat(lag(log, "group")).isEqualTo(3);
    assertThat(former.standing()).isEqualTo(Standing.LOST);
    assertThat(former.read(1, atOnce())).isEqualTo(new ReadResult.NotOwned());
    assertThat(texts(readNow(owner, 3))).containsExactly("r2", "r3", "r4");
    assertThat(owner.commit(read.get(3).position(), soon()))
        .isEqualTo(new CommitResult.Committed());
    assertThat(former.commit(read.get(3).position(), soon())).isEqualTo(new CommitResult.Lost());
  }

  @Test
  @Proves("LOG-4")
  void noPartitionHasTwoOwnersWhileMembersComeAndGoAndSharesAreEven() throws Exception {
    EventLog log = log(LogOptions.partitions(4));
    GroupMember first = join(log, "group");
    own(first, 4);
    GroupMember second = join(log, "group");

    eventually("an even spread", () -> isSpread(first, second));

    first.close();
    assertThat(own(second, 4)).hasSize(4);
  }

  /** Both give back what they are asked for; nothing may be owned by both. */
  private boolean isSpread(GroupMember first, GroupMember second) throws Exception {
    List<OwnedPartition> mine = first.attend(Set.of(), atOnce());
    List<OwnedPartition> others = second.attend(Set.of(), atOnce());
    Set<String> standing = new HashSet<>();
    for (List<OwnedPartition> each : List.of(mine, others)) {
      for (OwnedPartition owned : each) {
        if (owned.standing() != Standing.LOST) {
          assertThat(standing.add(owned.partition())).as("one owner").isTrue();
        }
        if (owned.standing() == Standing.ASKED_BACK) {
          owned.release(soon());
        }
      }
    }
    return mine.size() == 2 && others.size() == 2;
  }

  @Test
  @Proves("LOG-5")
  void aGroupGoesOnBehindItsLastCommit() throws Exception {
    EventLog log = log();
    appendAll(log, 6);
    GroupMember member = join(log, "group");
    OwnedPartition owned = ownOne(member);
    List<LogRecord> read = readNow(owned, 4);
    assertThat(owned.commit(read.get(1).position(), soon()))
        .isEqualTo(new CommitResult.Committed());
    member.close();

    OwnedPartition again = ownOne(join(log, "group"));
    assertThat(texts(readNow(again, 4))).containsExactly("r3", "r4", "r5", "r6");
    assertThat(again.commit(read.get(0).position(), soon()))
        .isEqualTo(new CommitResult.Committed());
    again.release(soon());

    OwnedPartition later = ownOne(join(log, "group"));
    assertThat(texts(readNow(later, 4))).containsExactly("r3", "r4", "r5", "r6");
  }

  @Test
  @Proves("LOG-7")
  void replayDisturbsNoGroup() throws Exception {
    EventLog log = log();
    appendAll(log, 4);
    OwnedPartition owned = ownOne(join(log, "group"));
    List<LogRecord> read = readNow(owned, 2);
    owned.commit(read.get(1).position(), soon());

    replay(log, StartAt.beginning());
    replay(log, new StartAt.After(read.get(0).position()));

    assertThat(lag(log, "group")).isEqualTo(2);
    assertThat(owned.standing()).isEqualTo(Standing.OWNED);
    assertThat(texts(readNow(owned, 2))).containsExactly("r3", "r4");
  }

  @Test
  @Proves("LOG-11")
  void aGroupBehindWhatRetentionHasRemovedIsToldSo() throws Exception {
    EventLog log = log(LogOptions.partitions(1).withRetention(term().multipliedBy(4), 1 << 20));
    appendAll(log, 3);
    GroupMember member = join(log, "group");
    OwnedPartition owned = ownOne(member);
    List<LogRecord> read = readNow(owned, 1);
    owned.commit(read.get(0).position(), soon());
    member.close();
    expireRecords();
    append(log, "kept");

    OwnedPartition behind = ownOne(join(log, "group"));
    assertThat(behind.read(1, atOnce())).isInstanceOf(ReadResult.PositionLost.class);
    assertThat(behind.read(1, atOnce())).isInstanceOf(ReadResult.PositionLost.class);

    behind.seek(StartAt.beginning(), soon());
    assertThat(texts(readNow(behind, 1))).containsExactly("kept");
  }

  @Test
  @Proves("LOG-11")
  void retentionBySizeRemovesTheOldestAndSaysSo() throws Exception {
    EventLog log =
        log(LogOptions.partitions(1).withPayloadMaxBytes(1000).withRetention(term(), 4000));
    OwnedPartition owned = ownOne(join(log, "group"));
    for (int i = 0; i < 20; i++) {
      append(log, "r" + i + "-" + "x".repeat(900));
    }

    assertThat(owned.read(1, atOnce())).isInstanceOf(ReadResult.PositionLost.class);
    List<String> left = replay(log, StartAt.beginning());
    assertThat(left).isNotEmpty().hasSizeLessThan(20).last().asString().startsWith("r19-");
  }

  @Test
  @Proves(value = "LOG-13", guarantee = "resharding")
  void aSplitMovesTheKeysOfOnePartitionOnlyAndOnlyToItsChildren() throws Exception {
    EventLog log = log(LogOptions.partitions(2));
    Map<String, String> before = partitionsOf20Keys(log);
    String parent = log.partitions(soon()).get(0).id();
    split(log, parent);
    Set<String> children = new HashSet<>();
    log.partitions(soon()).stream()
        .filter(each -> each.parents().contains(parent))
        .forEach(each -> children.add(each.id()));

    Map<String, String> after = partitionsOf20Keys(log);

    assertThat(children).hasSize(2);
    before.forEach(
        (key, partition) -> {
          if (partition.equals(parent)) {
            assertThat(children).as(key).contains(after.get(key));
          } else {
            assertThat(after).as("untouched").containsEntry(key, partition);
          }
        });
  }

  private Map<String, String> partitionsOf20Keys(EventLog log) throws InterruptedException {
    Map<String, String> partitions = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      partitions.put("key-" + i, append(log, "key-" + i, "r").partition());
    }
    return partitions;
  }
}
