package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.JournalReader;
import java.util.Arrays;

/*
 * Records stand one behind the other in one array, in the order of their numbers, none left out:
 *
 *   bytes    | record 7 | record 8    | record 9 |
 *   starts   0          14            31         45
 *
 * So a record costs its bytes and four more, and its number says where it is. A chunk is a view of
 * what a run has at some moment; behind that the run may grow, and what the chunk sees stays as it is.
 */
/** Records of a journal that are gathered. */
final class LogRun implements JournalReader.Sink {

  /** What a run that is used again and again may keep after a large record. */
  private static final int KEPT_BYTES_MAX = 1 << 20;

  private static final int START_RECORDS = 256;

  /** What a record takes beside its bytes, about. */
  private static final int RECORD_BYTES = 8;

  private long first;
  private byte[] bytes;
  private int[] starts;
  private int count;

  LogRun(long first, int sizeBytes) {
    this.first = first;
    this.bytes = new byte[sizeBytes];
    this.starts = new int[START_RECORDS];
  }

  /** Becomes empty. Not for a run that a chunk was made of. */
  void restart(long number) {
    first = number;
    count = 0;
    if (bytes.length > KEPT_BYTES_MAX) {
      bytes = new byte[KEPT_BYTES_MAX];
    }
  }

  /** Takes a record. What lies between it and the one before is forgotten, and that one too. */
  @Override
  public void accept(long number, byte[] array, int offset, int length) {
    if (number != first + count) {
      restart(number);
    }
    int at = starts[count];
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, 2 * bytes.length));
    }
    if (count + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    System.arraycopy(array, offset, bytes, at, length);
    count++;
    starts[count] = at + length;
  }

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

  /** What it takes in memory, about, where there is no room to spare. */
  int costBytes() {
    return starts[count] + RECORD_BYTES * count;
  }

  byte[] array() {
    return bytes;
  }

  int start(int index) {
    return starts[index];
  }

  /** Returns what is here now. */
  LogChunk chunk() {
    return new LogChunk(first, bytes, starts, count);
  }
}
