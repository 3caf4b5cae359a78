package dev.ashlar.messaging.disk;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.ReadResult;
import java.time.Duration;
import java.util.List;

/** A place in a partition on disk, which moves behind what was read. */
final class LogCursor implements LogReader {

  private static final Duration SLICE = Duration.ofSeconds(1);

  private final LogState state;
  private final LogReads reads;
  private final int partition;
  private LogPlace place;
  private boolean closed;

  LogCursor(LogState state, LogReads reads, int partition, LogPlace place) {
    this.state = state;
    this.reads = reads;
    this.partition = partition;
    this.place = place;
  }

  @Override
  public String partition() {
    return LogFormat.id(partition);
  }

  @Override
  public ReadResult read(int most, Deadline deadline) throws InterruptedException {
    LogReads.checkMost(most);
    if (closed) {
      throw new IllegalStateException("reader: closed (expected: open)");
    }
    LogReads.Read read =
        state
            .awaited(deadline, SLICE, () -> reads.read(partition, place, most))
            .orElseGet(() -> new LogReads.Read(new ReadResult.Records(List.of()), place));
    place = read.place();
    return read.result();
  }

  @Override
  public void close() {
    closed = true;
  }
}
