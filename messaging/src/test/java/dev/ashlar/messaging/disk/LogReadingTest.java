package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a log on disk reads from memory what is near, and from files what is far. */
class LogReadingTest {

  @TempDir Path folder;

  private LogScene scene;

  @BeforeEach
  void setUp() {
    scene = new LogScene(folder.resolve("log"));
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
    assertThat(scene.folderBytes()).isGreaterThan(2 * LogTail.BYTES_MAX);

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
    scene.fill(log, 12_000);
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
}
