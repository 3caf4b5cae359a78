package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log on disk does not take, and what it cannot be opened for. */
class LogRefusalsTest {

  @TempDir Path folder;

  private LogScene scene;

  @BeforeEach
  void setUp() {
    scene = new LogScene(folder.resolve("log"));
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
    assertThat(Stream.of("a", "b", "stone", "42", "\u00e9").map(LogRefusalsTest::partitionOf8))
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
  void whatIsTooManyIsToldWhetherWaitingHelps() throws Exception {
    try (DiskEventLog log = scene.open()) {
      assertBounds(log);
    }
    assertBounds(MemoryEventLog.of("log", scene.options, scene.time, Observer.none()));
  }

  private static void assertBounds(EventLog log) throws InterruptedException {
    for (int i = 0; i < DiskEventLog.MEMBERS_MAX; i++) {
      log.join("group", StartAt.end(), LogScene.TERM);
    }
    assertRefused(log, "group", new Advice.Overloaded(LogScene.TERM));
    for (int i = 1; i < DiskEventLog.GROUPS_MAX; i++) {
      log.join("group-" + i, StartAt.end(), LogScene.TERM);
    }
    assertRefused(log, "one-more", new Advice.Permanent());
  }

  private static void assertRefused(EventLog log, String group, Advice advice) {
    assertThatThrownBy(() -> log.join(group, StartAt.end(), LogScene.TERM))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.effect()).isEqualTo(Effect.NONE);
              assertThat(e.advice()).isEqualTo(advice);
            });
  }
}
