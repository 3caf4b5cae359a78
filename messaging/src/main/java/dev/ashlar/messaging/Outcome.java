package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Operation;
import java.time.Duration;
import java.util.Optional;

/**
 * What a handler decided about a delivery.
 *
 * <p>"It failed" is two different things, and a queue must be told which: trying again may help, or
 * it cannot.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Outcome extends Operation.Ending {

  /** The longest cause or reason that is kept, in characters; the rest is cut off. */
  int TEXT_MAX = 500;

  /** Handled. It is not delivered again. */
  record Done() implements Outcome {

    @Override
    public Optional<String> failure() {
      return Optional.empty();
    }
  }

  /**
   * Not handled, and worth another attempt. Once the queue's attempts are spent it becomes a dead
   * letter with the last cause.
   *
   * @param delay when it is due again, from now
   * @param cause why, for whoever reads the dead letter; kept beside the payload, never logged
   */
  record Retry(Duration delay, String cause) implements Outcome {

    /** Checks the time and cuts the text. */
    public Retry {
      if (delay.isNegative() || delay.compareTo(Deadline.LONGEST) > 0) {
        throw new IllegalArgumentException(
            "delay: " + delay + " (expected: 0 to " + Deadline.LONGEST + ")");
      }
      cause = cut(cause);
    }

    /** Returns {@code "retry"}; the cause may have been made from data. */
    @Override
    public Optional<String> failure() {
      return Optional.of("retry");
    }
  }

  /**
   * Not handled, and no attempt can change that: it is set aside at once, whatever its attempts.
   *
   * @param reason why, for whoever reads the dead letter; kept beside the payload, never logged
   */
  record DeadLetter(String reason) implements Outcome {

    /** Cuts the text. */
    public DeadLetter {
      reason = cut(reason);
    }

    /** Returns {@code "dead-letter"}; the reason may have been made from data. */
    @Override
    public Optional<String> failure() {
      return Optional.of("dead-letter");
    }
  }

  /** Returns the outcome of a delivery that was handled. */
  static Outcome done() {
    return new Done();
  }

  private static String cut(String text) {
    requireNonNull(text, "text");
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }
}
