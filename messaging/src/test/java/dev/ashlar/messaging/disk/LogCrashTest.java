package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log on disk that dies at any of its steps, and of its journal's, is opened again. */
class LogCrashTest {

  @TempDir Path folder;

  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void whatWasAcknowledgedOutlivesACrashAtEachStep() throws Exception {
    List<String> steps = CrashPoints.forEach(() -> new Life(scene()));

    assertThat(steps)
        .contains(
            "log.appended",
            "log.committing",
            "log.committed",
            "log.checkpoint.begun",
            "log.checkpoint.written",
            "log.segment.forgotten",
            "journal.batch.written",
            "journal.segment.begun");
  }

  private LogScene scene() {
    LogScene scene = new LogScene(folder.resolve("run-" + runs.incrementAndGet()));
    scene.segmentBytes = 64 << 10;
    scene.options =
        LogOptions.partitions(1)
            .withPayloadMaxBytes(15_000)
            .withRetention(Duration.ofDays(1), 60 << 10);
    return scene;
  }

  /** Everything a log does, with a ledger of what was acknowledged. */
  private static final class Life implements CrashPoints.Run {
    private final LogScene scene;
    private final List<Position> acknowledged = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private @Nullable Position committed;
    private long epoch;
    private @Nullable DiskEventLog log;

    Life(LogScene scene) {
      this.scene = scene;
    }

    @Override
    public void work(Observer observer) throws Exception {
      DiskEventLog opened = scene.open(observer);
      log = opened;
      append(opened, "one");
      append(opened, "two");
      OwnedPartition owned = scene.own(opened, "group");
      epoch = owned.epoch();
      commit(owned, 1);
      together(opened, "three", "four", "five");
      opened.engine().state().upkeep().save(scene.soon());
      commit(owned, 3);
      // Enough for retention to free a file, which is what happens while somebody reads.
      for (int i = 0; i < 11; i++) {
        append(opened, i + "x".repeat(14_000));
        commit(owned, 1);
      }
      opened.close();
    }

    private void append(DiskEventLog to, String text) throws InterruptedException {
      Message message = scene.message(text);
      acknowledged.add(to.append(message, scene.soon()));
      texts.add(text);
    }

    private void together(DiskEventLog to, String... each) throws InterruptedException {
      List<Message> messages = new ArrayList<>();
      for (String text : each) {
        messages.add(scene.message(text));
      }
      for (AppendResult result : to.appendTogether(messages, scene.soon())) {
        acknowledged.add(result.orThrow());
      }
      texts.addAll(List.of(each));
    }

    private void commit(OwnedPartition owned, int records) throws InterruptedException {
      List<LogRecord> read = scene.read(owned, records);
      Position last = read.get(read.size() - 1).position();
      assertThat(owned.commit(last, scene.soon())).isEqualTo(new CommitResult.Committed());
      committed = last;
    }

    @Override
    public void recover() throws Exception {
      if (log != null) {
        LogScene.crash(log);
      }
      DiskEventLog again = scene.open();
      List<LogRecord> found = scene.read(again);
      assertThatAllIsThere(found);
      OwnedPartition owned = scene.own(again, "group");
      assertThat(owned.epoch()).isGreaterThan(epoch);
      Position commit = committed;
      if (commit != null && acknowledged.size() < 12) {
        assertThat(scene.read(owned, 99))
            .allMatch(each -> each.position().isAfter(commit), "behind the commit");
      }
      assertThat(found.stream().filter(each -> isOneOf(each, "three", "four", "five")).count())
          .isIn(0L, 3L);
      again.append(scene.message("more"), scene.soon());
      assertThat(scene.texts(again)).endsWith("more");
      again.close();
    }

    /** All that was acknowledged, but for what retention has removed from the front. */
    private void assertThatAllIsThere(List<LogRecord> found) {
      List<Position> positions = found.stream().map(LogRecord::position).toList();
      int removed = acknowledged.isEmpty() ? 0 : acknowledged.indexOf(positions.get(0));
      assertThat(removed).isNotNegative();
      assertThat(removed == 0 || acknowledged.size() > 8).isTrue();
      List<Position> kept = acknowledged.subList(removed, acknowledged.size());
      assertThat(positions).hasSizeGreaterThanOrEqualTo(kept.size());
      assertThat(positions.subList(0, kept.size())).isEqualTo(kept);
      assertThat(LogScene.texts(found).subList(0, kept.size()))
          .isEqualTo(texts.subList(removed, texts.size()));
    }

    private static boolean isOneOf(LogRecord entry, String... texts) {
      return List.of(texts).contains(entry.message().payload().toUtf8());
    }

    @Override
    public void close() {
      // The last opening was closed by the recovery; a failed one is not opened again.
    }
  }
}
