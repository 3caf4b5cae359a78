package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Folders;
import dev.ashlar.examples.benchmarks.Heap;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Tally;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A queue into which everything is sent before anything is received, in a small heap; by one thread
 * each, in batches.
 */
final class Volume {

  static final Shape SHAPE = new Shape(1, 1, 1000);

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEGABYTE = 1e6;

  private final QueuePeer peer;
  private final Cell cell;
  private final Records records;
  private final Deadline deadline;
  private final TimeSource time;

  Volume(QueuePeer peer, Cell cell, Records records, Deadline deadline) {
    this.peer = peer;
    this.cell = cell;
    this.records = records;
    this.deadline = deadline;
    this.time = cell.time();
  }

  Figures measure(long count) throws Exception {
    Figures sent;
    Tally tally = new Tally();
    try (DurableQueue queue = peer.opener().open(cell.folder(), SHAPE, time)) {
      long start = time.nanos();
      send(queue, count, tally);
      sent =
          Figures.of(perSecond(count, start))
              .with("messages", (double) count)
              .with("size of the files, MB", Folders.sizeBytes(cell.folder()) / BYTES_PER_MEGABYTE)
              .with("heap kept when all is sent, MB", Heap.megabytesKept());
    }
    long closed = time.nanos();
    try (DurableQueue queue = peer.opener().open(cell.folder(), SHAPE, time)) {
      double opening = (time.nanos() - closed) / NANOS_PER_MILLI;
      long start = time.nanos();
      tally.expect(receive(queue, count));
      return sent.with("opened again with all of it waiting in, ms", opening)
          .with("received and settled/s", perSecond(count, start))
          .with("heap kept when all is settled, MB", Heap.megabytesKept())
          .with(
              "size of the files when all is settled, MB",
              Folders.sizeBytes(cell.folder()) / BYTES_PER_MEGABYTE);
    }
  }

  private void send(DurableQueue queue, long count, Tally tally) throws Exception {
    try (DurableQueue.Sender sender = queue.sender()) {
      for (long n = 0; n < count; ) {
        List<byte[]> batch = new ArrayList<>(SHAPE.batch());
        for (; batch.size() < SHAPE.batch() && n < count; n++) {
          batch.add(records.make(n));
          tally.add(n);
        }
        sender.send(batch, deadline);
      }
    }
  }

  private Tally receive(DurableQueue queue, long count) throws Exception {
    Tally tally = new Tally();
    try (DurableQueue.Receiver receiver = queue.receiver()) {
      while (tally.count() < count) {
        List<ByteBuffer> batch = receiver.receive(SHAPE.batch(), deadline);
        for (ByteBuffer record : batch) {
          records.count(record, tally);
        }
        receiver.settle(deadline);
      }
    }
    return tally;
  }

  private double perSecond(long count, long startNanos) {
    return count * NANOS_PER_SECOND / (time.nanos() - startNanos);
  }
}
