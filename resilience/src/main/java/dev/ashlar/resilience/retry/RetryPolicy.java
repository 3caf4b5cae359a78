package dev.ashlar.resilience.retry;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Effect;
import dev.ashlar.core.RetryRight;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to try again, and when to stop. It only decides; a pipeline waits and runs.
 *
 * <p>The questions in their order: can another try help, is it safe, are attempts left, is it this
 * layer's turn to retry, does the wait fit into the time left. The {@link RetryBudget} comes last,
 * because asking it costs a token.
 *
 * <p><b>Guarantees.</b> No attempt follows a permanent failure, nor an unknown effect of a request
 * that is not idempotent (CALL-6, CALL-7), nor the last attempt (CALL-1), nor any failure below a
 * layer that retries (CALL-24). No wait reaches the deadline (CALL-5). A backend's retry-after is
 * waited for, up to {@code retryAfterSlack} beyond the drawn wait (CALL-4).
 *
 * <p><b>Not guaranteed.</b> That a request is idempotent: it is declared, and nobody checks it.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> {@link #standard()} makes 3 attempts, as the Site Reliability Engineering book
 * advises; waits from 50 ms, from 1 s where the backend is overloaded, to 20 s, and a slack of 5 s
 * for retry-after, as AWS revised its SDKs in 2026. At most {@value #ATTEMPTS_MAX} attempts:
 * whoever wants more wants a queue.
 *
 * @param attemptsMax the most attempts, the first included
 * @param backoff the waits after a transient failure
 * @param overloaded the waits after an overloaded backend refused
 * @param retryAfterSlack how much longer than the drawn wait a backend may make this client wait;
 *     what it asks beyond is cut, or one bad header would end all retries
 */
public record RetryPolicy(
    int attemptsMax, Backoff backoff, Backoff overloaded, Duration retryAfterSlack) {

  /** The most attempts that a policy can allow. */
  public static final int ATTEMPTS_MAX = 100;

  private static final Duration SLACK_MAX = Duration.ofHours(1);

  /** Checks the bounds. */
  public RetryPolicy {
    if (attemptsMax < 1 || attemptsMax > ATTEMPTS_MAX) {
      throw new IllegalArgumentException(
          "attemptsMax: " + attemptsMax + " (expected: 1 to " + ATTEMPTS_MAX + ")");
    }
    requireNonNull(backoff, "backoff");
    requireNonNull(overloaded, "overloaded");
    if (retryAfterSlack.isNegative() || retryAfterSlack.compareTo(SLACK_MAX) > 0) {
      throw new IllegalArgumentException(
          "retryAfterSlack: " + retryAfterSlack + " (expected: 0 to " + SLACK_MAX + ")");
    }
  }

  /** Returns the policy that fits most calls. */
  public static RetryPolicy standard() {
    Duration cap = Duration.ofSeconds(20);
    return new RetryPolicy(
        3,
        new Backoff(Duration.ofMillis(50), cap),
        new Backoff(Duration.ofSeconds(1), cap),
        Duration.ofSeconds(5));
  }

  /** Returns the policy of one attempt. */
  public static RetryPolicy none() {
    return standard().withAttemptsMax(1);
  }

  /** Returns this policy with another number of attempts. */
  public RetryPolicy withAttemptsMax(int changed) {
    return new RetryPolicy(changed, backoff, overloaded, retryAfterSlack);
  }

  /** Returns this policy with other waits after a transient failure. */
  public RetryPolicy withBackoff(Backoff changed) {
    return new RetryPolicy(attemptsMax, changed, overloaded, retryAfterSlack);
  }

  /** Returns this policy with other waits after an overloaded backend refused. */
  public RetryPolicy withOverloaded(Backoff changed) {
    return new RetryPolicy(attemptsMax, backoff, changed, retryAfterSlack);
  }

  /** Returns this policy with another bound on what a backend's retry-after adds. */
  public RetryPolicy withRetryAfterSlack(Duration changed) {
    return new RetryPolicy(attemptsMax, backoff, overloaded, changed);
  }

  /** Returns whether the policy ever retries. */
  public boolean retries() {
    return attemptsMax > 1;
  }

  /**
   * Decides what follows a failure.
   *
   * @param failed the attempt and what it left
   * @param random asked once if there may be another attempt, else not at all
   */
  public RetryDecision decide(FailedAttempt failed, RandomGenerator random) {
    if (failed.advice() instanceof Advice.Permanent) {
      return new RetryDecision.Stop(StopReason.PERMANENT);
    }
    if (failed.effect() == Effect.UNKNOWN && !failed.idempotent()) {
      return new RetryDecision.Stop(StopReason.EFFECT_UNKNOWN);
    }
    if (failed.attempt() >= attemptsMax) {
      return new RetryDecision.Stop(StopReason.ATTEMPTS_SPENT);
    }
    if (failed.right() != RetryRight.FREE) {
      return new RetryDecision.Stop(StopReason.NOT_THE_OWNER);
    }
    Duration delay = delay(failed, random);
    return delay.compareTo(failed.remaining()) < 0
        ? new RetryDecision.Again(delay)
        : new RetryDecision.Stop(StopReason.DEADLINE);
  }

  private Duration delay(FailedAttempt failed, RandomGenerator random) {
    if (failed.advice() instanceof Advice.Overloaded advice) {
      Duration drawn = overloaded.draw(failed.attempt(), random);
      Duration most = drawn.plus(retryAfterSlack);
      Duration asked = advice.retryAfter();
      return asked.compareTo(drawn) < 0 ? drawn : asked.compareTo(most) < 0 ? asked : most;
    }
    return backoff.draw(failed.attempt(), random);
  }
}
