package dev.ashlar.messaging;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A queue whose messages are each handled by one of many competing consumers, at least once.
 *
 * <p><b>Guarantees.</b> A message whose sending was accepted is delivered until a delivery of it is
 * settled as done or as a dead letter (QUEUE-1, QUEUE-2). While a delivery owns a message, nobody
 * else gets it. A message that fails too often, expires or cannot be read is set aside with its
 * cause, and never dropped (QUEUE-11, QUEUE-12, QUEUE-22). A full queue stores nothing more
 * (QUEUE-21). What one engine promises beyond this is in {@link #guarantees()}.
 *
 * <p><b>Not guaranteed.</b> Single delivery: a slow consumer and its successor can both hold the
 * same message, and a producer that sends again after an unknown result sends a duplicate. Put an
 * inbox before effects that must happen once.
 *
 * <p><b>Failures.</b> {@link BackendException} where a backend does not answer; refusals are return
 * values. {@link InterruptedException} leaves the effect unknown.
 *
 * <p><b>Threads.</b> Safe, for any number of producers and consumers.
 *
 * <p><b>Limits.</b> See {@link QueueOptions}; at most {@value #BATCH_MAX} messages in one call.
 *
 * @see dev.ashlar.messaging.consume.Consumer for the loop that receives, renews, retries and closes
 */
public interface MessageQueue extends AutoCloseable {

  /** The most messages that one call sends or receives. */
  int BATCH_MAX = 1000;

  /** Returns the queue's name, 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
  String name();

  /** Returns what this queue promises beyond the contract. */
  Guarantees guarantees();

  /** Returns the queue's bounds. */
  QueueOptions options();

  /**
   * Sends a message, and waits for room until the deadline. A deadline that has come already sends
   * if there is room now.
   *
   * <p>A message without a context gets the current one, if there is one, and is an operation of
   * the queue's observer ({@link Message#handOver}).
   *
   * @param delay for how long the message stays invisible; zero where {@link
   *     Guarantees.Promise#DELAY} is not promised
   * @throws IllegalArgumentException for a delay where none is promised, or one out of bounds
   */
  SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException;

  /**
   * Puts a message on its way, and returns without knowing what becomes of it: a producer that has
   * many on their way is not held up by the answer to each. What was put on its way by one thread
   * keeps its order. A queue that gains nothing by it sends at once.
   *
   * <p>Waits for room as {@link #trySend} does, and for there to be few enough on their way. A
   * refusal is told by the ticket as well. Whoever never asks for the outcome does not know it; the
   * message is sent all the same. Behind a message that was not accepted, later ones of its key may
   * be.
   *
   * @param delay for how long the message stays invisible, as with {@link #trySend}
   */
  default SendResult.Ticket submit(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    SendResult result = trySend(message, delay, deadline);
    return later -> result;
  }

  /**
   * Sends messages in order and answers for each.
   *
   * <p>Behind a message that was not accepted, none of the same key is accepted either. Nothing is
   * sent again by the queue itself. Each message is handed over by itself, like one that is sent
   * alone; where many are stored at once that ends before the storing, so an observer then knows
   * that a message was sent and the result alone whether it was accepted.
   *
   * @param messages at most {@value #BATCH_MAX}
   * @return one result for each message, in the same order
   */
  List<SendResult> sendAll(List<Message> messages, Deadline deadline) throws InterruptedException;

  /**
   * Sends a message, and makes anything but acceptance an exception.
   *
   * @throws BackendException with {@link dev.ashlar.core.Effect#NONE} if refused, which includes a
   *     queue that stayed full; with {@link dev.ashlar.core.Effect#UNKNOWN} if nobody knows
   */
  default void send(Message message, Deadline deadline) throws InterruptedException {
    trySend(message, Duration.ZERO, deadline).orThrow();
  }

  /**
   * Takes messages that are due, waiting for the first one until the deadline. A deadline that has
   * come already takes what is due now.
   *
   * @param most how many at most, 1 to {@value #BATCH_MAX}
   * @return deliveries to settle; none if the deadline came first
   */
  List<Delivery> receive(int most, Deadline deadline) throws InterruptedException;

  /**
   * Settles many deliveries alike, with as few exchanges as the queue can.
   *
   * <p>Each is settled or not by itself: this is a saving, and no transaction. An exception leaves
   * open which of them are.
   *
   * @param deliveries of this queue, at most {@value #BATCH_MAX}
   * @return one answer for each delivery, in the same order
   */
  default List<Settlement> settleAll(List<Delivery> deliveries, Outcome outcome, Deadline deadline)
      throws InterruptedException {
    if (deliveries.isEmpty() || deliveries.size() > BATCH_MAX) {
      throw new IllegalArgumentException(
          "deliveries: " + deliveries.size() + " (expected: 1 to " + BATCH_MAX + ")");
    }
    List<Settlement> settlements = new ArrayList<>(deliveries.size());
    for (Delivery each : deliveries) {
      settlements.add(each.settle(outcome, deadline));
    }
    return settlements;
  }

  /** Returns the messages that were set aside. */
  DeadLetters deadLetters();

  /** Returns how much the queue holds now. */
  Depth depth(Deadline deadline) throws InterruptedException;

  /**
   * Lets go of what this handle holds. Deliveries that are not settled come back in time; calls
   * that wait end, and later ones fail with {@link IllegalStateException}. Closing twice is
   * harmless.
   */
  @Override
  void close();

  /**
   * How much a queue holds.
   *
   * @param waiting not dead, not in flight and not parked: due, delayed, or behind another one of
   *     the same key
   * @param inFlight owned by a delivery
   * @param dead set aside
   * @param parked kept back behind a dead letter of their key; always zero where {@link
   *     Guarantees.Promise#KEY_PARKING} is not promised
   */
  record Depth(long waiting, long inFlight, long dead, long parked) {

    /** Makes the depth of a queue in which nothing is parked. */
    public Depth(long waiting, long inFlight, long dead) {
      this(waiting, inFlight, dead, 0);
    }
  }
}
