package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log on disk does beyond the contract: it lives on, and keeps to its bounds. */
class DiskEventLogTest {

  @TempDir Path folder;

  private LogScene scene;

  @BeforeEach
  void setUp() {
    scene = new LogScene(folder.resolve("log"));
  }

  private void everythingOutlives(boolean crash) throws Exception {
    DiskEventLog log = scene.open();
    Message rich =
        scene.message("rich").withHeaders(Headers.of("Name", "w\u00e9rt")).withKey("k\u00e9y");
    log.append(rich, scene.soon());
    scene.append(log, "two");
    scene.append(log, "three");
    OwnedPartition owned = scene.own(log, "group");
    List<LogRecord> before = scene.read(log);
    owned.commit(scene.read(owned, 2).get(1).position(), scene.soon());
    end(log, crash);

    DiskEventLog again = scene.open();
    scene.append(again, "four");

    assertThat(scene.read(again).subList(0, 3)).isEqualTo(before);
    assertThat(scene.read(again).get(0).message()).isEqualTo(rich);
    assertThat(scene.lag(again, "group")).isEqualTo(2);
    assertThat(again.ends(scene.soon())).containsExactly(scene.read(again).get(3).position());
    OwnedPartition next = scene.own(again, "group");
    assertThat(next.epoch()).isGreaterThan(owned.epoch());
    assertThat(LogScene.texts(scene.read(next, 9))).containsExactly("three", "four");
    again.close();
  }

  private static void end(DiskEventLog log, boolean crash) {
    if (crash) {
      LogScene.crash(log);
    } else {
      log.close();
    }
  }

  @Test
  void recordsGroupsAndEpochsOutliveAClose() throws Exception {
    everythingOutlives(false);
  }

  @Test
  void recordsGroupsAndEpochsOutliveACrash() throws Exception {
    everythingOutlives(true);
  }

  @Test
  void epochsGrowThoughNothingWasWrittenBetweenOpenings() throws Exception {
    long epoch = 0;
    for (int i = 0; i < 5; i++) {
      DiskEventLog log = scene.open();
      OwnedPartition owned = scene.own(log, "group");
      assertThat(owned.epoch()).isGreaterThan(epoch);
      epoch = owned.epoch();
      end(log, i % 2 == 0);
    }
  }

  @Test
  void aGroupThatBeganAtTheEndBeginsThereAfterACrashToo() throws Exception {
    DiskEventLog log = scene.open();
    scene.append(log, "before");
    log.join("group", StartAt.end(), LogScene.TERM);
    scene.append(log, "after");
    LogScene.crash(log);

    DiskEventLog again = scene.open();
    assertThat(LogScene.texts(scene.read(scene.own(again, "group"), 9))).containsExactly("after");
    assertThat(scene.lag(again, "group")).isEqualTo(1);
    again.close();
  }

  @Test
  void aGroupBehindAPositionKnowsItsLag() throws Exception {
    scene.options = LogOptions.partitions(3);
    DiskEventLog log = scene.open();
    List<Position> appended = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      appended.add(scene.append(log, "r" + i));
    }
    Position start = appended.get(150);
    log.join("group", new StartAt.After(start), LogScene.TERM);

    List<Lag> lags = log.lag("group", scene.soon());

    for (Lag lag : lags) {
      boolean inside = lag.partition().equals(start.partition());
      long expected =
          appended.stream()
              .filter(each -> each.partition().equals(lag.partition()))
              .filter(each -> !inside || each.isAfter(start))
              .count();
      assertThat(lag.records()).as(lag.partition()).hasValue(expected);
    }
    assertThat(log.lag("group", scene.soon())).isEqualTo(lags);
    log.close();
  }

  @Test
  void retentionBySizeFreesFilesAndLosesNoCommit() throws Exception {
    scene.options = LogOptions.partitions(2).withRetention(Duration.ofDays(1), 300 << 10);
    DiskEventLog log = scene.open();
    OwnedPartition owned = scene.own(log, "early");
    scene.append(log, "first");
    Position first = scene.read(owned, 1).get(0).position();
    owned.commit(first, scene.soon());
    scene.fill(log, 12_000);

    assertThat(scene.folderBytes()).isLessThan(2 << 20);
    assertThat(owned.read(1, scene.atOnce())).isInstanceOf(ReadResult.PositionLost.class);
    LogScene.crash(log);

    DiskEventLog again = scene.open();
    OwnedPartition next = scene.own(again, "early");
    ReadResult lost = next.read(1, scene.atOnce());
    assertThat(lost).isInstanceOf(ReadResult.PositionLost.class);
    assertThat(((ReadResult.PositionLost) lost).last()).contains(first);
    assertThat(scene.read(again).get(0).position())
        .isEqualTo(((ReadResult.PositionLost) lost).earliest().orElseThrow());
    again.close();
  }

  @Test
  void aJumpOfTheWallClockRemovesNothingAndStampsNeverGoBack() throws Exception {
    scene.options = LogOptions.partitions(1).withRetention(Duration.ofHours(1), 1 << 20);
    DiskEventLog log = scene.open();
    scene.append(log, "one");
    scene.time.jumpWall(Duration.ofDays(-1));
    scene.append(log, "two");
    scene.time.jumpWall(Duration.ofDays(10));
    scene.append(log, "three");
    scene.time.jumpWall(Duration.ofDays(-10));

    List<LogRecord> records = scene.read(log);
    assertThat(LogScene.texts(records)).containsExactly("one", "two", "three");
    assertThat(records.stream().map(LogRecord::appendedAt)).isSorted();
    log.close();
  }

  @Test
  void whatIsTooOldIsGoneAlsoIfNothingComesAndTheLogWasClosedMeanwhile() throws Exception {
    scene.options = LogOptions.partitions(1).withRetention(Duration.ofHours(1), 1 << 20);
    DiskEventLog log = scene.open();
    scene.append(log, "one");
    scene.time.advance(Duration.ofMinutes(59));
    assertThat(scene.texts(log)).containsExactly("one");
    log.close();
    scene.time.advance(Duration.ofMinutes(2));

    DiskEventLog again = scene.open();
    assertThat(scene.texts(again)).isEmpty();
    assertThat(again.ends(scene.soon())).as("where it was").hasSize(1);
    assertThat(scene.lag(again, "group")).isZero();
    again.close();
  }

  @Test
  void aFormerOwnersCommitWritesNothing() throws Exception {
    DiskEventLog log = scene.open();
    scene.append(log, "one");
    OwnedPartition former = scene.own(log, "group");
    Position one = scene.read(former, 1).get(0).position();
    former.release(scene.soon());
    long end = log.engine().journal().end();

    assertThat(former.commit(one, scene.soon())).isEqualTo(new CommitResult.Lost());

    assertThat(log.engine().journal().end()).isEqualTo(end);
    assertThatThrownBy(() -> former.commit(Position.of("0", 99), scene.soon()))
        .isInstanceOf(IllegalArgumentException.class);
    log.close();
  }

  @Test
  void theLogGoesOnAfterACheckpointThatFailed() throws Exception {
    DiskEventLog log = scene.open();
    try (LogReader reader = log.reader("0", StartAt.beginning(), scene.soon())) {
      for (int i = 0; i < 5; i++) {
        scene.fill(log, 1000);
      }
      assertThat(Optional.of(reader.read(1, scene.atOnce())))
          .containsInstanceOf(ReadResult.Records.class);
    }
    LogScene.crash(log);

    DiskEventLog again = scene.open();
    assertThat(scene.read(again)).hasSize(5000);
    again.close();
  }

  @Test
  void theExampleOfTheDocComment() throws Exception {
    Message message = scene.message("42");
    Deadline deadline = Deadline.after(Duration.ofSeconds(20), TimeSource.system());
    // [doc:DiskEventLog]
    EventLog log =
        DiskEventLog.open(
            "prices",
            DiskOptions.folder(folder),
            LogOptions.partitions(4).withRetention(Duration.ofDays(7), 10L << 30),
            TimeSource.system(),
            Observer.none());
    Position position = log.append(message.withKey("stone"), deadline);
    // [/doc]
    assertThat(log.ends(deadline)).containsExactly(position);
    log.close();
  }
}
