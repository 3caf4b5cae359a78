package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Position;
import java.util.List;

/** A run of a journal's records, of all partitions; read when they are asked for. */
final class LogChunk {

  /**
   * About one batch of the journal at its largest; a chunk is less than twice this, or one batch.
   */
  private static final int ENOUGH_BYTES = 256 << 10;

  /**
   * The least that is made room for; records that fill a chunk begin with what the last one had.
   */
  static final int START_BYTES = 64 << 10;

  private static final int START_BYTES_MAX = 2 * ENOUGH_BYTES;

  private final long first;
  private final byte[] bytes;
  private final int[] starts;
  private final int count;

  /** Takes what {@link LogRun} says. */
  LogChunk(long first, byte[] bytes, int[] starts, int count) {
    this.first = first;
    this.bytes = bytes;
    this.starts = starts;
    this.count = count;
  }

  /**
   * Reads on with a reader, up to a number that ends a batch.
   *
   * @param startBytes how much there was the last time
   */
  static LogChunk read(JournalReader reader, long until, int startBytes) {
    int room = Math.max(START_BYTES, Math.min(startBytes, START_BYTES_MAX));
    LogRun run = new LogRun(reader.position(), room);
    while (reader.position() < until && run.sizeBytes() < ENOUGH_BYTES) {
      if (reader.read(run) == 0) {
        break;
      }
    }
    return run.chunk();
  }

  boolean holds(long number) {
    return number >= first && number < end();
  }

  /** The first number here. */
  long first() {
    return first;
  }

  /** The number behind the last one here. */
  long end() {
    return first + count;
  }

  int sizeBytes() {
    return starts[count];
  }

  private int indexBehind(long number) {
    return (int) Math.min(count, Math.max(0, number + 1 - first));
  }

  private boolean isOf(int partition, int index) {
    int at = starts[index];
    return starts[index + 1] > at
        && bytes[at] == LogFormat.MESSAGE
        && LogFormat.partition(bytes, at) == partition;
  }

  /** Adds what is here of a partition behind a number, until there are so many in all. */
  void readInto(List<LogRecord> found, int partition, long after, int most) {
    for (int i = indexBehind(after); i < count && found.size() < most; i++) {
      if (isOf(partition, i)) {
        found.add(record(partition, i));
      }
    }
  }

  private LogRecord record(int partition, int index) {
    int at = starts[index];
    return new LogRecord(
        Position.of(LogFormat.id(partition), first + index),
        LogFormat.message(bytes, at, starts[index + 1] - at),
        LogFormat.instantOf(LogFormat.stamp(bytes, at)));
  }

  /** Counts what is here of a partition from one number to another, both included. */
  long count(int partition, long from, long to) {
    long found = 0;
    for (int i = indexBehind(from - 1); i < count && first + i <= to; i++) {
      found += isOf(partition, i) ? 1 : 0;
    }
    return found;
  }

  /** The number of the first record of a partition here that is not older than a moment; or -1. */
  long since(int partition, long stamp) {
    for (int i = 0; i < count; i++) {
      if (isOf(partition, i) && LogFormat.stamp(bytes, starts[i]) >= stamp) {
        return first + i;
      }
    }
    return -1;
  }
}
