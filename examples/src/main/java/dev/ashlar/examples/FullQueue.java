package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.jdbc.JdbcOutbox;
import dev.ashlar.messaging.jdbc.JdbcOutboxOptions;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A queue that is full pushes back: a producer waits for room as long as it likes, and is then told
 * so, with nothing stored. A producer that must not wait writes to its outbox, which keeps the
 * order until there is room.
 *
 * <pre>
 * order-1: Accepted
 * order-2: Accepted
 * order-3: Refused after 2 s: Overloaded[retryAfter=PT0S], queue orders: full (capacity: 2)
 * stored: 2
 * order-1 is handled; order-3 again: Accepted
 *
 * ten orders committed, room in the queue for two
 * arrived: 1 2 3 4 5 6 7 8 9 10
 * </pre>
 */
public final class FullQueue {

  private static final QueueOptions ROOM_FOR_TWO = QueueOptions.capacity(2);

  private final PrintStream out;

  private FullQueue(PrintStream out) {
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    FullQueue example = new FullQueue(out);
    example.sendDirectly();
    out.println();
    example.sendThroughAnOutbox();
  }

  private void sendDirectly() throws InterruptedException {
    TimeSource time = new VirtualTime();
    MessageQueue queue = MemoryQueue.of("orders", ROOM_FOR_TWO, time, Observer.none());
    for (int i = 1; i <= 3; i++) {
      out.println("order-" + i + ": " + trySend(queue, i, time));
    }
    Deadline deadline = Deadline.after(Duration.ofMinutes(1), time);
    out.println("stored: " + queue.depth(deadline).waiting());
    Delivery delivery = queue.receive(1, deadline).get(0);
    delivery.settle(Outcome.done(), deadline);
    out.println(delivery.message().id() + " is handled; order-3 again: " + trySend(queue, 3, time));
  }

  private static String trySend(MessageQueue queue, int number, TimeSource time)
      throws InterruptedException {
    long startNanos = time.nanos();
    // [readme:full-queue]
    Deadline patience = Deadline.after(Duration.ofSeconds(2), time);
    SendResult result = queue.trySend(order(number), Duration.ZERO, patience);
    if (result instanceof SendResult.Refused refused) {
      return waited(startNanos, time) + refused.advice() + ", " + refused.why();
    }
    // [/readme]
    return result.getClass().getSimpleName();
  }

  private static String waited(long startNanos, TimeSource time) {
    return "Refused after " + (time.nanos() - startNanos) / 1_000_000_000 + " s: ";
  }

  private void sendThroughAnOutbox() throws Exception {
    TimeSource time = TimeSource.system();
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:full-queue;DB_CLOSE_DELAY=-1");
    JdbcSchema.create(database);
    JdbcTransactions transactions = JdbcTransactions.of(database);
    JdbcOutbox outbox =
        JdbcOutbox.of(database, "shop", JdbcOutboxOptions.defaults(), time, Observer.none());
    MessageQueue queue = MemoryQueue.of("orders", ROOM_FOR_TWO, time, Observer.none());
    RelayOptions options = RelayOptions.of("relay", time, Observer.none());
    try (OutboxRelay relay = OutboxRelay.start(outbox, name -> Optional.of(queue), options)) {
      for (int i = 1; i <= 10; i++) {
        Message order = order(i).withKey("ann");
        transactions.run(tx -> outbox.add(tx, "orders", order));
        relay.wake();
      }
      while (queue.depth(deadline).waiting() < 2) {
        time.sleep(Duration.ofMillis(1));
      }
      out.println("ten orders committed, room in the queue for two");
      out.println("arrived: " + String.join(" ", arrivals(queue, deadline)));
    }
  }

  private static List<String> arrivals(MessageQueue queue, Deadline deadline)
      throws InterruptedException {
    List<String> arrived = new ArrayList<>();
    while (arrived.size() < 10) {
      for (Delivery delivery : queue.receive(1, deadline)) {
        arrived.add(delivery.message().payload().toUtf8());
        delivery.settle(Outcome.done(), deadline);
      }
    }
    return arrived;
  }

  private static Message order(int number) {
    return Message.of(new MessageId("order-" + number), Bytes.utf8("" + number));
  }

  /** The clocks of an example in one thread: waiting moves them on, and takes no time. */
  private static final class VirtualTime implements TimeSource {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public Instant wallTime() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration duration) {
      nanos += duration.toNanos();
    }

    @Override
    public boolean await(Condition condition, Deadline deadline) {
      sleep(deadline.remaining());
      return false;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      throw new UnsupportedOperationException("after: no timers here");
    }
  }
}
