package dev.ashlar.messaging.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.MessageId;
import java.util.Optional;

/**
 * What became of an append.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface AppendResult extends Operation.Ending {

  /**
   * All events stand in the stream, by this append or by an earlier attempt of the same.
   *
   * @param end the position of the last of them, which was the end of the stream when they were
   *     stored; others may have appended since
   */
  record Appended(long end) implements AppendResult {

    /** Checks the number. */
    public Appended {
      checkPosition("end", end, 1);
    }

    @Override
    public Optional<String> failure() {
      return Optional.empty();
    }
  }

  /**
   * The stream does not end where it was expected to, and nothing is stored. Read what came since,
   * and decide anew.
   *
   * @param end how many events the stream has
   */
  record Conflict(long end) implements AppendResult {

    /** Checks the number. */
    public Conflict {
      checkPosition("end", end, 0);
    }

    /** Returns {@code "conflict"}. */
    @Override
    public Optional<String> failure() {
      return Optional.of("conflict");
    }
  }

  /**
   * The stream has an event with an id of this append already, and not as part of what was asked:
   * with another type or payload, in another order, or behind another end. Nothing is stored.
   *
   * <p>Either one id was given to two things, which no attempt mends; or the same decision was made
   * again upon a later end, and was carried out the first time.
   *
   * @param id the id that is taken
   * @param position of the event that has it
   */
  record IdTaken(MessageId id, long position) implements AppendResult {

    /** Checks the parts. */
    public IdTaken {
      requireNonNull(id, "id");
      checkPosition("position", position, 1);
    }

    /** Returns {@code "id-taken"}. */
    @Override
    public Optional<String> failure() {
      return Optional.of("id-taken");
    }
  }

  /**
   * The store has not taken it, and nothing is stored.
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
   * Nobody knows. The same append again is safe, and its answer says what became of it.
   *
   * @param cause what went wrong
   */
  record Unknown(BackendException cause) implements AppendResult {

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

  private static void checkPosition(String name, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + min + ")");
    }
  }
}
