package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Window;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Producers that send as fast as they are let, and consumers that receive and settle until nothing
 * is left.
 */
final class QueueLoad {

  static final String PRODUCER = "producer";
  static final String CONSUMER = "consumer";

  /** How long a consumer waits before it looks whether all is done. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  /** Enough that nobody waits for want of a message, and soon drained. */
  private static final int BACKLOG_TURNS = 100;

  private static final int BACKLOG_LEAST = 1000;

  private final DurableQueue queue;
  private final Records records;
  private final Shape shape;
  private final Window window;
  private final Backlog backlog;
  private final AtomicInteger producersLeft;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();

  QueueLoad(DurableQueue queue, Records records, Shape shape, Window window) {
    this.queue = queue;
    this.records = records;
    this.shape = shape;
    this.window = window;
    this.backlog =
        new Backlog(Math.max(BACKLOG_LEAST, BACKLOG_TURNS * shape.batch()), window.time());
    this.producersLeft = new AtomicInteger(shape.producers());
  }

  /** Runs until the window is over and the queue is empty. */
  Crew run() throws InterruptedException {
    Crew crew = new Crew(window);
    crew.start(CONSUMER, shape.consumers(), number -> consume());
    crew.start(PRODUCER, shape.producers(), this::produce);
    crew.awaitWarmUp();
    return crew;
  }

  private Measured produce(int producer) throws Exception {
    Measured measured = new Measured(window);
    TimeSource time = window.time();
    long n = 0;
    try (DurableQueue.Sender sender = queue.sender()) {
      long after;
      do {
        List<byte[]> batch = new ArrayList<>(shape.batch());
        for (int i = 0; i < shape.batch(); i++) {
          long number = Records.number(producer, n++);
          batch.add(records.make(number));
          measured.acknowledged().add(number);
        }
        backlog.add(batch.size(), window.deadline());
        long before = time.nanos();
        sender.send(batch, window.deadline());
        after = time.nanos();
        if (window.counts(after)) {
          measured.latencies().add(after - before);
        }
      } while (!measured.isEnough(after, shape.batch()));
    }
    sent.addAndGet(n);
    producersLeft.decrementAndGet();
    return measured;
  }

  private Measured consume() throws Exception {
    Measured measured = new Measured(window);
    TimeSource time = window.time();
    try (DurableQueue.Receiver receiver = queue.receiver()) {
      while (producersLeft.get() > 0 || settled.get() < sent.get()) {
        List<ByteBuffer> batch = receiver.receive(shape.batch(), Deadline.after(PATIENCE, time));
        if (batch.isEmpty()) {
          continue;
        }
        for (ByteBuffer record : batch) {
          records.check(record, measured.acknowledged());
        }
        long before = time.nanos();
        receiver.settle(window.deadline());
        long after = time.nanos();
        if (window.counts(after)) {
          measured.latencies().add(after - before);
        }
        backlog.remove(batch.size());
        settled.addAndGet(batch.size());
        measured.isEnough(after, batch.size());
      }
    }
    return measured;
  }
}
