package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.log.DurableLog;
import dev.ashlar.examples.benchmarks.log.Yardstick;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that a durable queue does, over the log of yardstick C: one record for a message, one
 * for the acks of one receipt, and a hand-over in memory. It has no redelivery, no bound and no
 * order by key, and its files are never freed.
 */
final class YardstickQueue implements DurableQueue {

  private static final byte SENT = 1;
  private static final byte SETTLED = 2;
  private static final int HEAD_BYTES = 1 + Long.BYTES;

  private final DurableLog log;
  private final HandOver<Held> handOver;
  private final AtomicLong next = new AtomicLong();

  YardstickQueue(Path folder, TimeSource time) throws Exception {
    log = Yardstick.open(folder, time);
    handOver = new HandOver<>(time);
    Map<Long, Held> left = new LinkedHashMap<>();
    log.read(record -> replay(record, left));
    handOver.putAll(List.copyOf(left.values()));
  }

  private void replay(ByteBuffer record, Map<Long, Held> left) {
    byte kind = record.get();
    if (kind == SENT) {
      long id = record.getLong();
      byte[] payload = new byte[record.remaining()];
      record.get(payload);
      left.put(id, new Held(id, payload));
      next.set(id + 1);
    } else {
      while (record.hasRemaining()) {
        left.remove(record.getLong());
      }
    }
  }

  private static final class Held {

    final long id;
    final byte[] payload;

    Held(long id, byte[] payload) {
      this.id = id;
      this.payload = payload;
    }
  }

  @Override
  public Sender sender() {
    return this::send;
  }

  private void send(List<byte[]> records, Deadline deadline) throws Exception {
    List<Held> sent = new ArrayList<>(records.size());
    List<DurableLog.Ticket> tickets = new ArrayList<>(records.size());
    for (byte[] record : records) {
      long id = next.getAndIncrement();
      ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + record.length);
      tickets.add(log.submit(bytes.put(SENT).putLong(id).put(record).array(), deadline));
      sent.add(new Held(id, record));
    }
    for (DurableLog.Ticket ticket : tickets) {
      ticket.await(deadline);
    }
    handOver.putAll(sent);
  }

  @Override
  public Receiver receiver() {
    return new Taking();
  }

  @Override
  public void close() throws IOException {
    log.close();
  }

  private final class Taking implements Receiver {

    private List<Held> taken = List.of();

    @Override
    public List<ByteBuffer> receive(int most, Deadline deadline) throws InterruptedException {
      taken = handOver.take(most, deadline);
      return taken.stream().map(held -> ByteBuffer.wrap(held.payload)).toList();
    }

    @Override
    public void settle(Deadline deadline) throws Exception {
      ByteBuffer bytes = ByteBuffer.allocate(1 + Long.BYTES * taken.size()).put(SETTLED);
      taken.forEach(held -> bytes.putLong(held.id));
      log.append(bytes.array(), deadline);
    }
  }
}
