package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Operation;
import java.util.Optional;

/**
 * What became of a message that was to be appended.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface AppendResult extends Operation.Ending {

  /**
   * The log has it, and it survives what the log's guarantees say.
   *
   * @param position where it is
   */
  record Accepted(Position position) implements AppendResult {

    /** Checks the part. */
    public Accepted {
      requireNonNull(position, "position");
    }

    @Override
    public Optional<String> failure() {
      return Optional.empty();
    }
  }

  /**
   * The log has not taken it, and nothing is stored.
   *
   * @param advice whether another try can help
   * @param why what was asked and which bound forbids it
   */
  record Refused(Advice advice, String why) implements AppendResult {

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
   * Nobody knows. Appending the same message again may make a second record with the same id, which
   * consumers with an inbox see through.
   *
   * @param cause what went wrong
   */
  record Unknown(BackendException cause) implements AppendResult {

    /** Checks the part. */
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
   * @return where the record is
   * @throws BackendException with {@link Effect#NONE} if refused, {@link Effect#UNKNOWN} if unknown
   */
  default Position orThrow() {
    if (this instanceof Refused refused) {
      throw new BackendException(refused.why(), Effect.NONE, refused.advice(), null);
    }
    if (this instanceof Unknown unknown) {
      throw unknown.cause();
    }
    return ((Accepted) this).position();
  }

  /** An append that is on its way. */
  @FunctionalInterface
  interface Ticket {

    /**
     * Waits for what becomes of it; {@link Unknown} if the deadline comes first, and then a later
     * call may know more.
     */
    AppendResult await(Deadline deadline) throws InterruptedException;
  }
}
