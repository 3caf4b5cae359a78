package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Operation;
import java.util.Optional;

/**
 * What became of a message that was to be sent.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface SendResult extends Operation.Ending {

  /** The queue has it, and it survives what the queue's guarantees say. */
  record Accepted() implements SendResult {

    @Override
    public Optional<String> failure() {
      return Optional.empty();
    }
  }

  /**
   * The queue has not taken it, and nothing is stored.
   *
   * @param advice whether another try can help: it cannot for a message that is too big, it can,
   *     later, while the queue is full
   * @param why what was asked and which bound forbids it
   */
  record Refused(Advice advice, String why) implements SendResult {

    /** Checks the parts. */
    public Refused {
      requireNonNull(advice, "advice");
      requireNonNull(why, "why");
    }

    /** Returns {@code "refused"}. */
    @Override
    public Optional<String> failure() {
      return Optional.of("refused");
    }
  }

  /**
   * Nobody knows. Sending the same message with the same id again is safe where consumers keep an
   * inbox.
   *
   * @param cause what went wrong
   */
  record Unknown(BackendException cause) implements SendResult {

    /** Checks the parts. */
    public Unknown {
      requireNonNull(cause, "cause");
    }

    /** Returns {@code "unknown"}. */
    @Override
    public Optional<String> failure() {
      return Optional.of("unknown");
    }
  }

  /**
   * Makes anything but acceptance an exception.
   *
   * @throws BackendException with {@link Effect#NONE} if refused, {@link Effect#UNKNOWN} if unknown
   */
  default void orThrow() {
    if (this instanceof Refused refused) {
      throw new BackendException(refused.why(), Effect.NONE, refused.advice(), null);
    }
    if (this instanceof Unknown unknown) {
      throw unknown.cause();
    }
  }

  /** A sending that is on its way. */
  @FunctionalInterface
  interface Ticket {

    /**
     * Waits for what becomes of it; {@link Unknown} if the deadline comes first, and then a later
     * call may know more.
     */
    SendResult await(Deadline deadline) throws InterruptedException;
  }
}
