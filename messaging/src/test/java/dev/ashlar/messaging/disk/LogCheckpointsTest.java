package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.Payload;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are found from the end, whole ones only, and the last one. */
class LogCheckpointsTest {

  private static final int RECORD_MAX = 16 << 10;

  @TempDir Path folder;

  private Journal journal;

  @BeforeEach
  void setUp() {
    journal =
        Journal.open(
            DiskOptions.folder(folder).withSegmentBytes(64 << 10).withDurability(Durability.OS),
            TimeSource.system(),
            Observer.none());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  private void put(byte[] record) throws InterruptedException {
    assertThat(journal.append(Payload.of(Bytes.owning(record)), soon()).await(soon())).isTrue();
  }

  private void fill(int records) throws InterruptedException {
    for (int i = 0; i < records; i++) {
      put(new byte[] {LogFormat.MESSAGE, 0, 0});
    }
  }

  private Bytes checkpoint(long covers, int size) throws InterruptedException {
    byte[] bytes = new byte[size];
    Seeds.random(covers).nextBytes(bytes);
    Bytes all = Bytes.copyOf(bytes);
    assertThat(
            LogCheckpoints.write(
                journal, new LogCheckpoints.Found(covers, all), RECORD_MAX, soon()))
        .isTrue();
    return all;
  }

  @Test
  void thereIsNoneInAnEmptyJournalNorAmongOtherRecords() throws Exception {
    assertThat(LogCheckpoints.last(journal)).isEmpty();
    fill(1000);
    assertThat(LogCheckpoints.last(journal)).isEmpty();
  }

  @Test
  void theLastOneIsFoundHoweverFarBackItIs() throws Exception {
    for (int behind : new int[] {0, 1, 63, 64, 65, 500, 3000}) {
      checkpoint(journal.end(), 10);
      long covers = journal.end();
      Bytes bytes = checkpoint(covers, 50_000);
      fill(behind);

      assertThat(LogCheckpoints.last(journal))
          .as("%d records behind", behind)
          .hasValue(new LogCheckpoints.Found(covers, bytes));
    }
  }

  @Test
  void oneThatLacksAPartIsNone() throws Exception {
    long covers = journal.end();
    Bytes whole = checkpoint(covers, 30_000);
    fill(10);
    put(LogFormat.checkpoint(journal.end(), 0, 3, new byte[100]));
    fill(100);
    put(LogFormat.checkpoint(journal.end(), 1, 2, new byte[100]));
    fill(5);

    assertThat(LogCheckpoints.last(journal)).hasValue(new LogCheckpoints.Found(covers, whole));
  }
}
