package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Position;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A run of a journal's records, as they were read from the disk, of all partitions. */
final class LogChunk {

  /**
   * About one batch of the journal at its largest; a chunk is less than twice this, or one batch.
   */
  private static final int ENOUGH_BYTES = 256 << 10;

  private static final int START_BYTES = 64 << 10;

  private final long first;
  private final long end;
  private final byte[] bytes;
  private final long[] numbers;
  private final int[] offsets;
  private final int count;

  private LogChunk(long first, long end, Gathering gathered) {
    this.first = first;
    this.end = end;
    this.bytes = gathered.bytes.toByteArray();
    this.numbers = gathered.numbers;
    this.offsets = gathered.offsets;
    this.count = gathered.count;
  }

  /** Reads on with a reader, up to a number that ends a batch. */
  static LogChunk read(JournalReader reader, long until) {
    Gathering gathered = new Gathering();
    long from = reader.position();
    while (reader.position() < until && gathered.bytes.size() < ENOUGH_BYTES) {
      if (reader.read(gathered) == 0) {
        break;
      }
    }
    long first = gathered.all == 0 ? from : reader.position() - gathered.all;
    return new LogChunk(first, reader.position(), gathered);
  }

  boolean holds(long number) {
    return number >= first && number < end;
  }

  /** The first number here. */
  long first() {
    return first;
  }

  /** The number behind the last one here. */
  long end() {
    return end;
  }

  /** Returns what is here of a partition behind a number. */
  List<LogRecord> behind(int partition, long after, int most) {
    List<LogRecord> found = new ArrayList<>();
    int from = Arrays.binarySearch(numbers, 0, count, after + 1);
    for (int i = from < 0 ? -from - 1 : from; i < count && found.size() < most; i++) {
      if (LogFormat.partition(bytes, offsets[i]) == partition) {
        found.add(record(i));
      }
    }
    return found;
  }

  private LogRecord record(int index) {
    int offset = offsets[index];
    int length = (index + 1 < count ? offsets[index + 1] : bytes.length) - offset;
    String partition = LogFormat.id(LogFormat.partition(bytes, offset));
    return new LogRecord(
        Position.of(partition, numbers[index]),
        LogFormat.message(bytes, offset, length),
        LogFormat.instantOf(LogFormat.stamp(bytes, offset)));
  }

  /** Counts what is here of a partition from one number to another, both included. */
  long count(int partition, long from, long to) {
    long found = 0;
    for (int i = 0; i < count; i++) {
      boolean inside = numbers[i] >= from && numbers[i] <= to;
      if (inside && LogFormat.partition(bytes, offsets[i]) == partition) {
        found++;
      }
    }
    return found;
  }

  /** The number of the first record of a partition here that is not older than a moment; or -1. */
  long since(int partition, long stamp) {
    for (int i = 0; i < count; i++) {
      if (LogFormat.partition(bytes, offsets[i]) == partition
          && LogFormat.stamp(bytes, offsets[i]) >= stamp) {
        return numbers[i];
      }
    }
    return -1;
  }

  /** What is being read. */
  private static final class Gathering implements JournalReader.Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(START_BYTES);
    private long[] numbers = new long[256];
    private int[] offsets = new int[256];
    private int count;
    private long all;

    @Override
    public void accept(long number, byte[] array, int offset, int length) {
      all++;
      if (array[offset] != LogFormat.MESSAGE) {
        return;
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
        offsets = Arrays.copyOf(offsets, 2 * count);
      }
      numbers[count] = number;
      offsets[count] = bytes.size();
      count++;
      bytes.write(array, offset, length);
    }
  }
}
