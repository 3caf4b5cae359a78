package dev.ashlar.messaging;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.Optional;

/**
 * One message in the hands of one consumer, until settled or until its visibility ends.
 *
 * <p>Settling binds to the delivery, not to the message: each delivery has an epoch, and only the
 * latest one counts.
 *
 * <p><b>Guarantees.</b> A late settlement is {@link Settlement#STALE} and neither removes nor
 * delays the new delivery (QUEUE-7). Settling twice is harmless, the first one wins (QUEUE-8).
 * {@link #attempt()} starts at 1 and never decreases for one message (QUEUE-31).
 *
 * <p><b>Not guaranteed.</b> That a message whose settlement was applied had no second delivery in
 * between: after a pause both holders may have worked on it. An inbox is for that.
 *
 * <p><b>Failures.</b> {@link BackendException}; with an unknown effect the settlement may have been
 * applied, and asking again is safe.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface Delivery {

  /** Returns what the producer sent. */
  Message message();

  /** Returns how often the message has been delivered, this delivery included. */
  int attempt();

  /** Returns how long the message was still worth handling when it was delivered, if it expires. */
  Optional<Duration> timeToLive();

  /** Settles the message as its handler decided. */
  Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException;

  /**
   * Gives a message back whose handling has not begun: it is due at once, and the delivery does not
   * count against its attempts.
   */
  Settlement release(Deadline deadline) throws InterruptedException;

  /** Makes the visibility last its full length again, from now. */
  Settlement renew(Deadline deadline) throws InterruptedException;
}
