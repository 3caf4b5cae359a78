package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Folders;
import dev.ashlar.examples.benchmarks.Heap;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Tally;

/** A log that is written, forced, and then read by one group until its end, in a small heap. */
final class Volume {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEGABYTE = 1e6;

  private final LogPeer peer;
  private final Cell cell;
  private final Records records;
  private final Deadline deadline;
  private final TimeSource time;

  Volume(LogPeer peer, Cell cell, Records records, Deadline deadline) {
    this.peer = peer;
    this.cell = cell;
    this.records = records;
    this.deadline = deadline;
    this.time = cell.time();
  }

  Figures measure(long count, int inFlight) throws Exception {
    Figures written;
    Tally tally;
    try (DurableLog log = peer.opener().open(cell.folder(), Durability.DISK, time)) {
      long start = time.nanos();
      tally = Producers.fill(log, records, count, inFlight, deadline);
      written =
          Figures.of(perSecond(count, start))
              .with("records", (double) count)
              .with("size of the files, MB", Folders.sizeBytes(cell.folder()) / BYTES_PER_MEGABYTE)
              .with("heap kept when all is written, MB", Heap.megabytesKept());
    }
    long closed = time.nanos();
    try (DurableLog log = peer.opener().open(cell.folder(), Durability.DISK, time)) {
      double opening = (time.nanos() - closed) / NANOS_PER_MILLI;
      long start = time.nanos();
      Tally read = new Tally();
      log.consume(record -> records.count(record, read), deadline);
      tally.expect(read);
      return written
          .with("opened again in, ms", opening)
          .with("read by a group, records/s", perSecond(count, start))
          .with("heap kept when all is read, MB", Heap.megabytesKept());
    }
  }

  private double perSecond(long count, long startNanos) {
    return count * NANOS_PER_SECOND / (time.nanos() - startNanos);
  }
}
