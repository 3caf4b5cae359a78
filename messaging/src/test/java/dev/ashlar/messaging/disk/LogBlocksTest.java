package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.log.LogOptions;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The index says where records may be and never where they are not; retention keeps its bounds. */
class LogBlocksTest {

  private static final int SIZE = 1000;

  private record Entry(long number, int partition, long stamp) {}

  private final List<Entry> entries = new ArrayList<>();

  private static LogOptions options(int partitions, long bytes) {
    return LogOptions.partitions(partitions)
        .withPayloadMaxBytes(1 << 10)
        .withRetention(Duration.ofSeconds(1), bytes);
  }

  private LogBlocks random(long seed, int partitions, int count, long bytes) {
    var random = Seeds.random(seed);
    LogBlocks blocks = new LogBlocks(options(partitions, bytes));
    long number = 0;
    for (int i = 0; i < count; i++) {
      number += 1 + random.nextInt(3);
      // The first partitions have most of it, the last one next to nothing.
      int partition = (int) (partitions * random.nextDouble() * random.nextDouble());
      Entry entry = new Entry(number, partition, i * 10L);
      entries.add(entry);
      blocks.add(number, partition, SIZE, entry.stamp, 0);
    }
    return blocks;
  }

  @Test
  void theIndexNeverPassesARecord() throws Exception {
    Seeds.check(
        20,
        (seed, random) -> {
          entries.clear();
          LogBlocks blocks = random(seed, 1 + random.nextInt(6), 20_000, 1L << 40);
          for (int i = 0; i < 200; i++) {
            Entry entry = entries.get(random.nextInt(entries.size()));
            long before = entry.number - 1 - random.nextInt(2000);
            assertThat(blocks.next(entry.partition, before))
                .isGreaterThan(before)
                .isLessThanOrEqualTo(entry.number);
            assertThat(blocks.since(entry.stamp)).isBetween(0L, entry.number);
            LogPlace floor = blocks.floor(entry.partition, entry.number);
            assertThat(floor.ordinal()).isEqualTo(count(entry.partition, floor.number()));
          }
        });
  }

  private long count(int partition, long upTo) {
    return entries.stream()
        .filter(each -> each.partition == partition && each.number <= upTo)
        .count();
  }

  @Test
  void theIndexHasABound() {
    LogBlocks few = random(1, 1, 3_000_000, 1L << 40);
    LogBlocks many = random(1, 1024, 300_000, 1L << 40);

    assertThat(few.size()).isBetween(256, 1024);
    assertThat(many.size()).isBetween(32, 64);
    assertThat(few.end(0).ordinal()).isEqualTo(3_000_000);
  }

  @Test
  void aPartitionKeepsNoMoreBytesThanItMayAndNotMuchLess() {
    LogBlocks blocks = random(3, 1, 10_000, 320L * SIZE);
    blocks.trim(0);

    long kept = blocks.end(0).ordinal() - blocks.beginning(0).ordinal();
    assertThat(kept).isBetween(280L, 320L);
    assertThat(blocks.keptFrom()).isGreaterThan(blocks.beginning(0).number());
  }

  @Test
  void whatIsTooOldGoesAndWhatIsNotStays() {
    LogBlocks blocks = new LogBlocks(options(2, 1L << 40));
    blocks.add(1, 0, SIZE, 1, 0);
    blocks.add(2, 1, SIZE, 2, 500_000_000);
    blocks.trim(999_999_999);
    assertThat(blocks.isEmpty(0)).isFalse();
    blocks.trim(1_000_000_000);

    assertThat(blocks.isEmpty(0)).isTrue();
    assertThat(blocks.beginning(0)).isEqualTo(new LogPlace(1, 1));
    assertThat(blocks.isEmpty(1)).isFalse();
    assertThat(blocks.keptFrom()).isEqualTo(2);
    blocks.trim(1_500_000_000);
    assertThat(blocks.keptFrom()).isZero();
    assertThat(blocks.next(1, 0)).isEqualTo(-1);
  }

  @Test
  void theNewestRecordStaysHoweverLargeItIs() {
    LogBlocks blocks = new LogBlocks(options(1, 2000));
    blocks.add(1, 0, 100_000, 1, 0);
    blocks.trim(0);
    assertThat(blocks.isEmpty(0)).isFalse();
    blocks.add(2, 0, 100_000, 1, 0);
    blocks.trim(0);
    assertThat(blocks.beginning(0).number()).isEqualTo(1);
  }

  @Test
  void aCheckpointKnowsAllOfIt() throws IOException {
    LogBlocks blocks = random(5, 3, 50_000, 10_000L * SIZE);
    blocks.trim(0);
    byte[] bytes = LogFormat.gather(blocks::writeTo);

    LogBlocks again = new LogBlocks(options(3, 10_000L * SIZE));
    again.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)), 0, 0);

    assertThat(LogFormat.gather(again::writeTo)).isEqualTo(bytes);
    again.trim(0);
    assertThat(again.beginning(0)).isEqualTo(blocks.beginning(0));
  }
}
