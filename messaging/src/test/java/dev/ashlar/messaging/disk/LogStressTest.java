package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Producers that write more than retention keeps, and readers that are overtaken by it: whatever is
 * read is in order and without a gap, but for losses that are told.
 */
class LogStressTest {

  private static final int PRODUCERS = 3;
  private static final int RECORDS = 20_000;
  private static final int PARTITIONS = 2;

  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  }

  private static long produce(EventLog log, int producer) throws Exception {
    List<AppendResult.Ticket> tickets = new ArrayList<>();
    String filling = "-" + "f".repeat(150);
    for (int i = 0; i < RECORDS; i++) {
      Message message =
          Message.of(new MessageId(producer + "." + i), Bytes.utf8(producer + "-" + i + filling))
              .withKey("key-" + producer);
      tickets.add(log.submit(message, soon()));
      if (tickets.size() == 200 || i + 1 == RECORDS) {
        for (AppendResult.Ticket ticket : tickets) {
          ticket.await(soon()).orThrow();
        }
        tickets.clear();
      }
    }
    return RECORDS;
  }

  /** Reads until nothing comes any more; returns the last number of each producer. */
  private static Map<Integer, Integer> read(EventLog log, String partition, AtomicBoolean ended)
      throws Exception {
    Map<Integer, Integer> last = new HashMap<>();
    LogReader reader = log.reader(partition, StartAt.beginning(), soon());
    Position position = Position.of(partition, 0);
    while (true) {
      boolean nothingMore = ended.get();
      ReadResult result =
          reader.read(50, Deadline.after(Duration.ofMillis(20), TimeSource.system()));
      if (result instanceof ReadResult.PositionLost) {
        last.clear();
        reader.close();
        reader = log.reader(partition, StartAt.beginning(), soon());
        continue;
      }
      List<LogRecord> records = ((ReadResult.Records) result).records();
      for (LogRecord each : records) {
        assertThat(each.position().isAfter(position)).as("%s", each.position()).isTrue();
        position = each.position();
        String[] parts = each.message().payload().toUtf8().split("-", 3);
        Integer number = Integer.valueOf(parts[1]);
        Integer before = last.put(Integer.valueOf(parts[0]), number);
        assertThat(before == null || before + 1 == number)
            .as("%s after %s", number, before)
            .isTrue();
      }
      if (records.isEmpty() && nothingMore) {
        reader.close();
        return last;
      }
    }
  }

  private static <T> T awaited(Background<T> task) throws Exception {
    Eventually.passes(
        Duration.ofSeconds(60), () -> assertThat(task.isDone()).as("ended in time").isTrue());
    return task.result();
  }

  @Test
  void readersThatRetentionOvertakesAreToldAndMissNothingElse() throws Exception {
    DiskEventLog log =
        DiskEventLog.open(
            "log",
            DiskOptions.folder(folder).withSegmentBytes(64 << 10).withDurability(Durability.OS),
            LogOptions.partitions(PARTITIONS)
                .withPayloadMaxBytes(1 << 10)
                .withRetention(Duration.ofDays(1), 400 << 10),
            TimeSource.system(),
            Observer.none());
    AtomicBoolean ended = new AtomicBoolean();
    List<Background<Map<Integer, Integer>>> readers = new ArrayList<>();
    for (int i = 0; i < 2 * PARTITIONS; i++) {
      String partition = Integer.toString(i % PARTITIONS);
      readers.add(Background.start("read", () -> read(log, partition, ended)));
    }
    List<Background<Long>> producers = new ArrayList<>();
    for (int i = 0; i < PRODUCERS; i++) {
      int producer = i;
      producers.add(Background.start("produce", () -> produce(log, producer)));
    }
    for (Background<Long> producer : producers) {
      assertThat(awaited(producer)).isEqualTo(RECORDS);
    }
    ended.set(true);

    Map<Integer, Integer> last = new HashMap<>();
    for (Background<Map<Integer, Integer>> reader : readers) {
      last.putAll(awaited(reader));
    }
    assertThat(last.values()).isNotEmpty().containsOnly(RECORDS - 1);
    assertThat(log.engine().journal().first()).as("files were forgotten").isPositive();
    log.close();
  }
}
