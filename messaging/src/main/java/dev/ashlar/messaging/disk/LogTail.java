package dev.ashlar.messaging.disk;

import java.util.ArrayDeque;
import java.util.Optional;

/*
 * One window for all readers, in runs of some 64 KiB. The oldest run goes first, and each partition
 * remembers which of its records went last: a reader that is behind that one finds here all that it
 * has not read, also in a partition that has been silent for long.
 *
 * Where nobody reads, or all are far behind, nothing is kept: then records go as they come. Whoever
 * has read up to the last that went is no longer behind, and from then on they are kept again.
 */
/** The newest records of a log in memory, for readers that are not behind; under its log's lock. */
final class LogTail {

  /** Enough for some ten thousand small records: readers that keep up are rarely further behind. */
  static final long BYTES_MAX = 4 << 20;

  private static final int RUN_BYTES = 64 << 10;

  /** So that most runs need not grow for their last record. */
  private static final int SPARE_BYTES = 4 << 10;

  private final ArrayDeque<LogRun> runs = new ArrayDeque<>();

  /** The last number of each partition that is not here any more. */
  private final long[] gone;

  private long bytes;
  private boolean wanted = true;
  private boolean looked;

  LogTail(int partitions) {
    gone = new long[partitions];
  }

  /** What came before was not seen here: all that a partition has up to a number. */
  void goneUpTo(int partition, long number) {
    gone[partition] = number;
  }

  /** Takes the next record, a message. */
  void add(long number, int partition, byte[] array, int offset, int length) {
    if (wanted) {
      add(number, array, offset, length);
    } else {
      gone[partition] = number;
    }
  }

  /** Takes the next record, which is no message, and of no use to readers. */
  void pass(long number) {
    if (wanted && !runs.isEmpty()) {
      add(number, runs.getLast().array(), 0, 0);
    }
  }

  private void add(long number, byte[] array, int offset, int length) {
    LogRun run = runs.peekLast();
    if (run == null || run.costBytes() >= RUN_BYTES) {
      run = new LogRun(number, Math.max(RUN_BYTES + SPARE_BYTES, length));
      runs.addLast(run);
    }
    bytes -= run.costBytes();
    run.accept(number, array, offset, length);
    bytes += run.costBytes();
    while (bytes > BYTES_MAX) {
      removeFirst();
    }
  }

  private void removeFirst() {
    LogRun run = runs.removeFirst();
    byte[] array = run.array();
    for (int i = 0; i < run.end() - run.first(); i++) {
      int at = run.start(i);
      if (run.start(i + 1) > at) {
        gone[LogFormat.partition(array, at)] = run.first() + i;
      }
    }
    bytes -= run.costBytes();
  }

  /** Keeps nothing from now on, if nobody has found anything here since this was last asked. */
  void rest() {
    if (!looked) {
      wanted = false;
      while (!runs.isEmpty()) {
        removeFirst();
      }
    }
    looked = false;
  }

  /** Whether all that a partition has behind a number is here; if not, only the disk knows. */
  boolean holds(int partition, long after) {
    boolean here = after >= gone[partition];
    looked |= here;
    wanted |= here;
    return here;
  }

  /** Returns the first records behind a number, of whatever partition, if there are any here. */
  Optional<LogChunk> behind(long after) {
    for (LogRun run : runs) {
      if (run.end() > after + 1) {
        return Optional.of(run.chunk());
      }
    }
    return Optional.empty();
  }
}
