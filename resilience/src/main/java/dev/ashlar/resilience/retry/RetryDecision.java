package dev.ashlar.resilience.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What follows a failed attempt.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface RetryDecision {

  /**
   * Wait, then try again, if the budget lets it.
   *
   * @param delay the wait; always shorter than the time left
   */
  record Again(Duration delay) implements RetryDecision {

    /** Checks the wait. */
    public Again {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay: " + delay + " (expected: >= 0)");
      }
    }
  }

  /**
   * Let the failure through.
   *
   * @param reason why
   */
  record Stop(StopReason reason) implements RetryDecision {

    /** Checks that there is a reason. */
    public Stop {
      requireNonNull(reason, "reason");
    }
  }
}
