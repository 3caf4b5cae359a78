package dev.ashlar.resilience;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;
import dev.ashlar.resilience.breaker.BreakerPolicy;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * How a {@link Pipeline} treats the calls to one backend, as data: it can be printed, compared and
 * checked.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> The times have no defaults: only the caller knows how long its own caller waits
 * ({@code total}), and how slow the backend is at its slowest ({@code attemptMax}; the time that
 * 99.9 % of its answers keep is a good one). Retries, their budget and the breaker are on. A
 * fallback has 50 ms, enough for memory and too short for a network.
 *
 * @param name of the backend, for what is counted; 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param total how long a call may take, all attempts and waits together
 * @param attemptMax how long one attempt may take
 * @param onTimeout what happens to an attempt that takes longer
 * @param idempotent whether doing it twice is as good as once
 * @param retry when there is another attempt
 * @param budget how many retries there are in all
 * @param breaker when the backend is not asked; empty for never
 * @param fallbackMax how long a fallback may take if less is left of the call
 */
public record PipelinePolicy(
    String name,
    Duration total,
    Duration attemptMax,
    OnTimeout onTimeout,
    boolean idempotent,
    RetryPolicy retry,
    BudgetPolicy budget,
    Optional<BreakerPolicy> breaker,
    Duration fallbackMax) {

  private static final Duration TOTAL_MAX = Duration.ofHours(1);
  private static final Duration FALLBACK_MAX = Duration.ofSeconds(10);

  /** Checks the bounds. */
  public PipelinePolicy {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    positive("total", total, TOTAL_MAX);
    positive("attemptMax", attemptMax, total);
    requireNonNull(onTimeout, "onTimeout");
    requireNonNull(retry, "retry");
    requireNonNull(budget, "budget");
    requireNonNull(breaker, "breaker");
    positive("fallbackMax", fallbackMax, FALLBACK_MAX);
  }

  private static void positive(String name, Duration value, Duration max) {
    if (value.isNegative() || value.isZero() || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: above 0, to " + max + ")");
    }
  }

  /**
   * Returns the policy of calls that must not be done twice.
   *
   * @param name of the backend
   * @param total how long a call may take
   * @param attemptMax how long one attempt may take
   */
  public static PipelinePolicy of(String name, Duration total, Duration attemptMax) {
    return new PipelinePolicy(
        name,
        total,
        attemptMax,
        OnTimeout.INTERRUPT,
        false,
        RetryPolicy.standard(),
        BudgetPolicy.standard(),
        Optional.of(BreakerPolicy.standard()),
        Duration.ofMillis(50));
  }

  /** Returns this policy for calls of which doing twice is as good as once. */
  public PipelinePolicy withIdempotent() {
    return new PipelinePolicy(
        name, total, attemptMax, onTimeout, true, retry, budget, breaker, fallbackMax);
  }

  /** Returns this policy with another end of attempts that take too long. */
  public PipelinePolicy withOnTimeout(OnTimeout changed) {
    return new PipelinePolicy(
        name, total, attemptMax, changed, idempotent, retry, budget, breaker, fallbackMax);
  }

  /** Returns this policy with other retries. */
  public PipelinePolicy withRetry(RetryPolicy changed) {
    return new PipelinePolicy(
        name, total, attemptMax, onTimeout, idempotent, changed, budget, breaker, fallbackMax);
  }

  /** Returns this policy with another budget for them. */
  public PipelinePolicy withBudget(BudgetPolicy changed) {
    return new PipelinePolicy(
        name, total, attemptMax, onTimeout, idempotent, retry, changed, breaker, fallbackMax);
  }

  /** Returns this policy with another breaker. */
  public PipelinePolicy withBreaker(BreakerPolicy changed) {
    return withBreaker(Optional.of(changed));
  }

  /** Returns this policy without a breaker: for a backend whose every attempt must be made. */
  public PipelinePolicy withoutBreaker() {
    return withBreaker(Optional.empty());
  }

  private PipelinePolicy withBreaker(Optional<BreakerPolicy> changed) {
    return new PipelinePolicy(
        name, total, attemptMax, onTimeout, idempotent, retry, budget, changed, fallbackMax);
  }

  /** Returns this policy with another time for a fallback. */
  public PipelinePolicy withFallbackMax(Duration changed) {
    return new PipelinePolicy(
        name, total, attemptMax, onTimeout, idempotent, retry, budget, breaker, changed);
  }
}
