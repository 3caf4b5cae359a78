package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.DiskQueue;
import dev.ashlar.messaging.journal.DiskOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Ashlar's queue on disk, as its options are without being asked, but for the capacity. */
final class EngineQueue implements DurableQueue {

  private static final int CAPACITY = 100_000_000;

  private final MessageQueue queue;
  private final AtomicLong ids = new AtomicLong();

  EngineQueue(Path folder, TimeSource time) {
    queue =
        DiskQueue.open(
            "queue",
            QueueOptions.capacity(CAPACITY).withVisibility(Duration.ofMinutes(5)),
            DiskOptions.folder(folder),
            time,
            Observer.none());
  }

  private Message message(byte[] record) {
    MessageId id = new MessageId(Long.toString(ids.getAndIncrement()));
    return Message.of(id, Bytes.owning(record));
  }

  @Override
  public Sender sender() {
    return this::send;
  }

  private void send(List<byte[]> records, Deadline deadline) throws InterruptedException {
    if (records.size() == 1) {
      queue.send(message(records.get(0)), deadline);
      return;
    }
    List<Message> messages = new ArrayList<>(records.size());
    records.forEach(record -> messages.add(message(record)));
    queue.sendAll(messages, deadline).forEach(SendResult::orThrow);
  }

  @Override
  public Receiver receiver() {
    return new Taking();
  }

  @Override
  public void close() {
    queue.close();
  }

  private final class Taking implements Receiver {

    private List<Delivery> taken = List.of();

    @Override
    public List<ByteBuffer> receive(int most, Deadline deadline) throws InterruptedException {
      taken = queue.receive(most, deadline);
      List<ByteBuffer> records = new ArrayList<>(taken.size());
      taken.forEach(delivery -> records.add(delivery.message().payload().asBuffer()));
      return records;
    }

    @Override
    public void settle(Deadline deadline) throws InterruptedException {
      if (taken.size() == 1) {
        expectSettled(taken.get(0).settle(Outcome.done(), deadline));
      } else {
        queue.settleAll(taken, Outcome.done(), deadline).forEach(EngineQueue::expectSettled);
      }
    }
  }

  private static void expectSettled(Settlement settlement) {
    if (settlement != Settlement.APPLIED) {
      throw new IllegalStateException("settlement: " + settlement + " (expected: APPLIED)");
    }
  }
}
