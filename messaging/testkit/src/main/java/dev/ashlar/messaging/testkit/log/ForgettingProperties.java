package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That a group can be forgotten, once nobody uses it, and can be begun from a snapshot. */
abstract class ForgettingProperties extends GroupProperties {

  private static final ForgetResult FORGOTTEN = new ForgetResult.Forgotten();

  @Test
  @Proves("LOG-21")
  void aForgottenGroupIsMadeAnewWithGreaterEpochs() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    GroupMember member = join(log, "group");
    OwnedPartition owned = ownOne(member);
    List<LogRecord> read = readNow(owned, 3);
    owned.commit(read.get(2).position(), soon());
    member.close();
    assertThat(lag(log, "group")).isZero();
    assertThat(log.groups(soon())).containsExactly("group");

    assertThat(log.forget("group", soon())).isEqualTo(FORGOTTEN);
    assertThat(log.forget("group", soon())).as("again").isEqualTo(FORGOTTEN);

    assertThat(log.groups(soon())).isEmpty();

    assertThat(lag(log, "group")).isEqualTo(3);
    OwnedPartition anew = ownOne(join(log, "group"));
    assertThat(anew.epoch()).isGreaterThan(owned.epoch());
    assertThat(readNow(anew, 3)).isEqualTo(read);
  }

  @Test
  @Proves("LOG-21")
  void aGroupWithAMemberThatLivesStays() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    GroupMember member = join(log, "group");
    assertThat(log.forget("group", atOnce())).as("joined").isEqualTo(inUse(1));
    OwnedPartition owned = ownOne(member);
    List<LogRecord> read = readNow(owned, 2);
    owned.commit(read.get(1).position(), soon());
    GroupMember second = join(log, "group");
    second.attend(Set.of(), atOnce());

    assertThat(log.forget("group", atOnce())).as("attended").isEqualTo(inUse(2));

    second.close();
    assertThat(log.forget("group", atOnce())).as("one left").isEqualTo(inUse(1));
    assertThat(owned.standing()).isNotEqualTo(OwnedPartition.Standing.LOST);
    assertThat(lag(log, "group")).isEqualTo(1);
    assertThat(texts(readNow(owned, 1))).containsExactly("r3");
  }

  private static ForgetResult inUse(int members) {
    return new ForgetResult.InUse(members);
  }

  @Test
  @Proves("LOG-21")
  void aMemberOfAForgottenGroupIsToldSoAndChangesNothing() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    GroupMember member = join(log, "group");
    OwnedPartition former = ownOne(member);
    Position last = readNow(former, 3).get(2).position();
    stayAway();

    assertThat(log.forget("group", soon())).isEqualTo(FORGOTTEN);
    OwnedPartition anew = ownOne(join(log, "group"));

    assertThat(former.commit(last, soon())).isEqualTo(new CommitResult.Lost());
    assertThat(former.read(1, atOnce())).isEqualTo(new ReadResult.NotOwned());
    assertThatThrownBy(() -> member.attend(Set.of(), atOnce()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("group");
    assertThat(lag(log, "group")).isEqualTo(3);
    assertThat(readNow(anew, 3)).hasSize(3);
  }

  @Test
  @Proves("LOG-21")
  void forgettingOneGroupMovesNoOther() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    OwnedPartition owned = ownOne(join(log, "other"));
    owned.commit(readNow(owned, 2).get(1).position(), soon());
    join(log, "group").close();

    assertThat(log.forget("group", soon())).isEqualTo(FORGOTTEN);

    assertThat(lag(log, "other")).isEqualTo(1);
    assertThat(texts(readNow(owned, 1))).containsExactly("r3");
  }

  @Test
  @Proves(value = "LOG-15", guarantee = "snapshot")
  void aGroupThatBeginsBehindASnapshotReadsTheRest() throws Exception {
    EventLog log = log(LogOptions.partitions(3));
    append(log, "a", "before");
    append(log, "a", "before");
    List<Position> ends = log.ends(soon());
    assertThat(ends).as("others have no record yet").hasSize(1);
    List<String> later = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      later.add("later " + i);
      append(log, "key-" + i, "later " + i);
    }

    GroupMember member = log.join("group", StartAt.behind(ends), term());
    Map<String, OwnedPartition> owned = own(member, 3);

    assertThat(lag(log, "group")).isEqualTo(20);
    List<String> read = new ArrayList<>();
    for (OwnedPartition each : owned.values()) {
      while (each.read(EventLog.BATCH_MAX, atOnce()) instanceof ReadResult.Records more
          && !more.records().isEmpty()) {
        read.addAll(texts(more.records()));
      }
    }
    assertThat(read).containsExactlyInAnyOrderElementsOf(later);
    member.close();
  }

  @Test
  @Proves(value = "LOG-15", guarantee = "snapshot")
  void aSnapshotOfWhatRetentionHasRemovedIsOneAllTheSame() throws Exception {
    EventLog log = log(LogOptions.partitions(1).withRetention(term().multipliedBy(4), 1 << 20));
    appendAll(log, 3);
    expireRecords();
    List<Position> ends = log.ends(soon());
    assertThat(ends).hasSize(1);
    append(log, "later");

    GroupMember member = log.join("group", StartAt.behind(ends), term());

    assertThat(texts(readNow(ownOne(member), 1))).containsExactly("later");
    member.close();
  }
}
