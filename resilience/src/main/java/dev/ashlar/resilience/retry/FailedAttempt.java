package dev.ashlar.resilience.retry;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Effect;
import dev.ashlar.core.RetryRight;
import java.time.Duration;

/**
 * All that a retry may know of a failure: not the exception's class, not the transport.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param attempt which attempt failed, from 1
 * @param effect what it did
 * @param advice whether another try is worth it
 * @param idempotent whether doing it twice is as good as once
 * @param right who may retry
 * @param remaining the time left of the whole call
 */
public record FailedAttempt(
    int attempt,
    Effect effect,
    Advice advice,
    boolean idempotent,
    RetryRight right,
    Duration remaining) {

  /** Checks the parts. */
  public FailedAttempt {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: >= 1)");
    }
    requireNonNull(effect, "effect");
    requireNonNull(advice, "advice");
    requireNonNull(right, "right");
    requireNonNull(remaining, "remaining");
  }
}
