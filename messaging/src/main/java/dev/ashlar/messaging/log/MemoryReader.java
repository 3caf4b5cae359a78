package dev.ashlar.messaging.log;

import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.List;

/** A place in a partition in memory, which moves behind what was read. */
final class MemoryReader implements LogReader {

  /** How long one wait lasts at most: what time alone brings about, nobody signals. */
  private static final Duration SLICE = Duration.ofSeconds(1);

  private final MemoryLogState state;
  private final MemoryPartition partition;
  private long after;
  private boolean closed;

  /** Made with the state's lock held. */
  MemoryReader(MemoryLogState state, MemoryPartition partition, StartAt start) {
    this.state = state;
    this.partition = partition;
    this.after = partition.startOf(start);
  }

  static void checkMost(int most) {
    if (most < 1 || most > EventLog.BATCH_MAX) {
      throw new IllegalArgumentException(
          "most: " + most + " (expected: 1 to " + EventLog.BATCH_MAX + ")");
    }
  }

  @Override
  public String partition() {
    return partition.id;
  }

  @Override
  public ReadResult read(int most, Deadline deadline) throws InterruptedException {
    checkMost(most);
    if (closed) {
      throw new IllegalStateException("reader: closed (expected: open)");
    }
    ReadResult result =
        state
            .awaited(deadline, SLICE, () -> partition.read(after, most))
            .orElseGet(() -> new ReadResult.Records(List.of()));
    after = lastOf(partition, result, after);
    return result;
  }

  static long lastOf(MemoryPartition partition, ReadResult result, long otherwise) {
    if (result instanceof ReadResult.Records read && !read.records().isEmpty()) {
      return partition.numberOf(read.records().get(read.records().size() - 1).position());
    }
    return otherwise;
  }

  @Override
  public void close() {
    closed = true;
  }
}
