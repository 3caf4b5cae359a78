package dev.ashlar.messaging;

import dev.ashlar.core.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * The messages of a queue that could not be handled, each with what is known of why.
 *
 * <p><b>Guarantees.</b> A dead letter stays until somebody redrives or discards it, and counts
 * against the queue's capacity meanwhile. Redriving keeps the message's id and gives it all its
 * attempts again (QUEUE-14); {@link Delivery#attempt()} goes on counting. Where the messages behind
 * it are parked, redriving puts it before them, and they follow in order; discarding lets them go
 * on without it (QUEUE-19). A parked message is not a dead letter and is not listed; {@link
 * MessageQueue.Depth#parked()} counts them.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface DeadLetters {

  /**
   * Returns the oldest dead letters.
   *
   * @param most how many at most, 1 to {@value MessageQueue#BATCH_MAX}
   */
  List<Entry> list(int most, Deadline deadline) throws InterruptedException;

  /** Puts the dead letters of a message id back into the queue they came from. */
  Redrive redrive(MessageId id, Deadline deadline) throws InterruptedException;

  /**
   * Throws the dead letters of a message id away.
   *
   * @return whether there was one
   */
  boolean discard(MessageId id, Deadline deadline) throws InterruptedException;

  /**
   * A message that was set aside.
   *
   * @param message as it was sent, with its raw payload
   * @param reason why, at most {@value Outcome#TEXT_MAX} characters
   * @param attempts how often it was delivered in all
   * @param origin the queue it was sent to
   * @param firstFailure when it first failed, by the queue's wall clock
   * @param lastFailure when it last failed, by the queue's wall clock
   */
  record Entry(
      Message message,
      String reason,
      int attempts,
      String origin,
      Instant firstFailure,
      Instant lastFailure) {}

  /** What became of a redrive. */
  enum Redrive {
    /** It is back in its queue. */
    REDRIVEN,
    /** There is no dead letter of that id. */
    ABSENT,
    /**
     * Its lifetime is over: an inbox may have forgotten it, so handling it could double effects.
     */
    TOO_OLD
  }
}
