package dev.ashlar.examples.benchmarks.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Chronicle Queue. Its default never forces; with {@code SyncMode.SYNC} each {@code sync()} is one
 * {@code msync(MS_SYNC)}, here one per group.
 */
final class ChronicleStore implements RecordStore {

  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private final Durability durability;
  private final Bytes<?> bytes = Bytes.allocateElasticOnHeap();

  ChronicleStore(Path folder, Durability durability) {
    this.durability = durability;
    SingleChronicleQueueBuilder builder = SingleChronicleQueueBuilder.binary(folder);
    if (durability == Durability.DISK) {
      builder.syncMode(SyncMode.SYNC);
    }
    queue = builder.build();
    appender = queue.createAppender();
    // Another thread leads each group, but never two at once.
    appender.singleThreadedCheckDisabled(true);
    bytes.singleThreadedCheckDisabled(true);
  }

  @Override
  public void write(List<byte[]> records) {
    for (byte[] record : records) {
      bytes.clear();
      bytes.write(record);
      appender.writeBytes(bytes);
    }
    if (durability == Durability.DISK) {
      appender.sync();
    }
  }

  @Override
  public void read(DurableLog.Sink sink) {
    Bytes<?> record = Bytes.allocateElasticOnHeap();
    byte[] copy = new byte[0];
    try (ExcerptTailer tailer = queue.createTailer()) {
      while (tailer.readBytes(record)) {
        int length = (int) record.readRemaining();
        if (copy.length < length) {
          copy = new byte[length];
        }
        record.read(copy, 0, length);
        sink.accept(ByteBuffer.wrap(copy, 0, length));
        record.clear();
      }
    }
  }

  @Override
  public void close() {
    queue.close();
  }
}
