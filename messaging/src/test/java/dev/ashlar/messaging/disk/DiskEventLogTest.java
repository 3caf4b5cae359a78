package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
  void readersThatLagReadFromTheDiskWhatReadersInFrontReadFromMemory() throws Exception {
    scene.options = LogOptions.partitions(4);
    DiskEventLog log = scene.open();
    List<List<String>> sent =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    String filling = "f".repeat(700);
    for (int i = 0; i < 16; i++) {
      List<Message> batch = new ArrayList<>();
      for (int j = 0; j < 1000; j++) {
        batch.add(scene.message(i + "-" + j + filling).withKey("key-" + j % 50));
      }
      List<AppendResult> results = log.appendAll(batch, scene.soon());
      for (int j = 0; j < 1000; j++) {
        int partition = Integer.parseInt(results.get(j).orThrow().partition());
        sent.get(partition).add(batch.get(j).payload().toUtf8());
      }
    }
    assertThat(folderBytes()).isGreaterThan(2 * LogTail.BYTES_MAX);

    for (int partition = 0; partition < 4; partition++) {
      String id = Integer.toString(partition);
      List<LogRecord> all = scene.read(log, id, StartAt.beginning());
      assertThat(LogScene.texts(all)).isEqualTo(sent.get(partition));
      Position middle = all.get(all.size() / 3).position();
      log.engine().chunks().expire();
      assertThat(scene.read(log, id, new StartAt.After(middle)))
          .isEqualTo(all.subList(all.size() / 3 + 1, all.size()));
    }
    log.close();
  }

  @Test
  void aGroupThatReplaysAllPartitionsReadsTheJournalOnceForAll() throws Exception {
    scene.options = LogOptions.partitions(4);
    DiskEventLog log = scene.open();
    fill(log, 12_000);
    log.engine().chunks().expire();
    long before = log.engine().chunks().loaded();
    GroupMember member = log.join("group", StartAt.beginning(), LogScene.TERM);
    List<OwnedPartition> owned = member.attend(Set.of(), scene.atOnce());
    int read = 0;
    while (read < 12_000) {
      for (OwnedPartition each : owned) {
        read += scene.read(each, 500).size();
      }
    }

    // About 8 MB of 12 are behind what is in memory, in chunks of a quarter and more.
    assertThat(log.engine().chunks().loaded() - before).isBetween(10L, 50L);
    log.close();
  }

  private long folderBytes() throws IOException {
    try (Stream<Path> files = Files.list(scene.folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void retentionBySizeFreesFilesAndLosesNoCommit() throws Exception {
    scene.options = LogOptions.partitions(2).withRetention(Duration.ofDays(1), 300 << 10);
    DiskEventLog log = scene.open();
    OwnedPartition owned = scene.own(log, "early");
    scene.append(log, "first");
    Position first = scene.read(owned, 1).get(0).position();
    owned.commit(first, scene.soon());
    fill(log, 12_000);

    assertThat(folderBytes()).isLessThan(2 << 20);
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

  private void fill(DiskEventLog log, int records) throws InterruptedException {
    List<Message> batch = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      batch.add(scene.message("x".repeat(1000)));
      if (batch.size() == 100) {
        log.appendAll(batch, scene.soon());
        batch.clear();
        log.ends(scene.soon());
      }
    }
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
  void aReadingFromATimeGoesOnAcrossOpenings() throws Exception {
    DiskEventLog log = scene.open();
    List<Instant> moments = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      moments.add(scene.time.wallTime());
      scene.append(log, "r" + i);
      scene.time.advance(Duration.ofMillis(10));
    }
    log.close();

    DiskEventLog again = scene.open();
    for (int i = 0; i < 3000; i += 499) {
      List<LogRecord> since = scene.read(again, "0", new StartAt.Since(moments.get(i)));
      assertThat(since).hasSize(3000 - i);
      assertThat(since.get(0).appendedAt()).isEqualTo(moments.get(i));
    }
    Instant late = scene.time.wallTime();
    assertThat(scene.read(again, "0", new StartAt.Since(late))).isEmpty();
    assertThat(scene.read(again, "0", new StartAt.Since(Instant.MIN))).hasSize(3000);
    assertThat(scene.read(again, "0", new StartAt.Since(Instant.MAX))).isEmpty();
    again.close();
  }

  @Test
  void messagesThatAreAppendedTogetherAreRefusedTogether() throws Exception {
    DiskEventLog log = scene.open();
    Message large = scene.message("x".repeat(60_000));

    assertThat(log.appendTogether(List.of(scene.message("one"), large), scene.soon()))
        .hasSize(2)
        .allMatch(each -> each instanceof AppendResult.Refused);
    List<Message> much = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      much.add(scene.message("x".repeat(10_000)));
    }
    assertThat(log.appendTogether(much, scene.soon()))
        .allMatch(each -> each instanceof AppendResult.Refused);
    assertThatThrownBy(() -> log.appendTogether(List.of(), scene.soon()))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(scene.texts(log)).isEmpty();
    log.close();
  }

  @Test
  void whatDoesNotFitIntoARecordIsRefused() throws Exception {
    scene.segmentBytes = 64 << 10;
    DiskEventLog log = scene.open();
    Headers much = Headers.of("A", "x".repeat(4000)).plus("B", "x".repeat(4000));
    Message large = scene.message("x".repeat(12_000)).withHeaders(much);

    assertThat(log.tryAppend(large, scene.soon())).isInstanceOf(AppendResult.Refused.class);

    scene.append(log, "after");
    assertThat(scene.texts(log)).containsExactly("after");
    log.close();
  }

  @Test
  void thePartitionOfAKeyIsForGood() {
    assertThat(Stream.of("a", "b", "stone", "42", "\u00e9").map(DiskEventLogTest::partitionOf8))
        .containsExactly(PARTITIONS_OF_8);
  }

  private static final Integer[] PARTITIONS_OF_8 = {7, 1, 2, 7, 6};

  private static int partitionOf8(String key) {
    Message message = Message.of(new MessageId("m"), Bytes.empty()).withKey(key);
    return LogWriter.partitionFor(message, 8, new AtomicInteger());
  }

  @Test
  void aLogIsOpenOnce() throws Exception {
    DiskEventLog log = scene.open();

    assertThatThrownBy(() -> scene.open())
        .isInstanceOfSatisfying(
            DiskException.class,
            e -> assertThat(e.reason()).isEqualTo(DiskException.Reason.IN_USE));

    log.close();
    log.close();
    assertThatThrownBy(() -> log.ends(scene.soon())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> scene.append(log, "late")).isInstanceOf(IllegalStateException.class);
    scene.open().close();
  }

  @Test
  void anotherNumberOfPartitionsIsRefused() throws Exception {
    scene.options = LogOptions.partitions(3);
    scene.open().close();
    scene.options = LogOptions.partitions(4);

    assertThatThrownBy(() -> scene.open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("partitions: 4 (expected: 3");

    scene.options = LogOptions.partitions(3);
    scene.open().close();
  }

  @Test
  void filesOfSomethingElseAreNotTakenForALog() throws Exception {
    try (Journal journal = Journal.open(scene.disk(), scene.time, Observer.none())) {
      journal.append(Payload.of(Bytes.utf8("no log")), scene.soon()).await(scene.soon());
    }

    assertThatThrownBy(() -> scene.open())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("record 0");
  }

  @Test
  void recordsThatCannotHoldWhatIsAllowedAreRefusedAtOpening() {
    LogOptions large = LogOptions.partitions(1).withPayloadMaxBytes(2 << 20);

    assertThatThrownBy(
            () ->
                DiskEventLog.open(
                    "log", DiskOptions.folder(folder), large, scene.time, Observer.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("recordMaxBytes");
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
        fill(log, 1000);
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
  void whatNobodyAwaitsReachesAReaderThatWaitsAtOnce() throws Exception {
    // In manual time nothing passes: neither the reader's own look around, nor the journal's.
    DiskEventLog log = scene.open();
    Background<ReadResult> reading =
        Background.start(
            "read",
            () -> {
              try (LogReader reader = log.reader("0", StartAt.beginning(), scene.soon())) {
                return reader.read(1, scene.soon());
              }
            });
    Eventually.passes(
        Duration.ofSeconds(5), () -> assertThat(log.engine().state().waiting()).isEqualTo(1));

    log.submit(scene.message("r0"), scene.soon());

    Eventually.passes(
        Duration.ofSeconds(5), () -> assertThat(reading.isDone()).as("read").isTrue());
    assertThat(reading.result()).isInstanceOf(ReadResult.Records.class);
    assertThat(scene.texts(log)).containsExactly("r0");
    log.close();
  }

  @Test
  void whoeverReadsAtTheEndReadsFromMemoryThoughNobodyReadBefore() throws Exception {
    DiskEventLog log = scene.open();
    for (int i = 0; i < 40; i++) {
      // Without looking, so that producers see to it that somebody knows of it all.
      appendQuietly(log, 1000);
    }
    assertThat(log.engine().state().<Boolean>locked(view -> view.tail.holds(0, 0))).isFalse();
    try (LogReader reader = log.reader("0", StartAt.end(), scene.soon())) {
      assertThat(reader.read(1, scene.atOnce())).isEqualTo(new ReadResult.Records(List.of()));
      long before = log.engine().chunks().loaded();
      for (int i = 0; i < 40; i++) {
        appendQuietly(log, 100);
        ReadResult read = reader.read(1000, scene.atOnce());
        assertThat(((ReadResult.Records) read).records()).hasSize(100);
      }
      assertThat(log.engine().chunks().loaded()).isEqualTo(before);
    }
    assertThat(scene.read(log)).hasSize(44_000);
    log.close();
  }

  private void appendQuietly(DiskEventLog log, int count) throws InterruptedException {
    List<Message> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(scene.message("q"));
    }
    log.appendAll(batch, scene.soon()).forEach(AppendResult::orThrow);
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
