package dev.ashlar.resilience.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a retry: at random between nothing and a bound that doubles.
 *
 * <p>The randomness is the point. Clients that failed together and wait for the same time come back
 * together; drawn from the whole interval ("full jitter"), they come back spread over it.
 *
 * <p><b>Guarantees.</b> The wait before retry {@code n} lies between 0 and the smaller of {@code
 * cap} and {@code base * 2^(n-1)}, each value as likely as any other (CALL-2). The same generator
 * state gives the same waits (CALL-3).
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> Both at most one day. The bound is cut before the draw, so that waits stay
 * spread once the cap is reached, as in gRPC's retry design (gRFC A6).
 *
 * @param base the bound of the first retry's wait
 * @param cap the bound that later ones do not exceed
 */
public record Backoff(Duration base, Duration cap) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /** Checks the bounds. */
  public Backoff {
    if (base.isNegative() || base.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("base: " + base + " (expected: 0 to " + LONGEST + ")");
    }
    if (cap.compareTo(base) < 0 || cap.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "cap: " + cap + " (expected: " + base + " to " + LONGEST + ")");
    }
  }

  /**
   * Returns the longest wait before a retry.
   *
   * @param retry 1 for the first retry, which is the second attempt
   */
  public Duration bound(int retry) {
    if (retry < 1) {
      throw new IllegalArgumentException("retry: " + retry + " (expected: >= 1)");
    }
    long first = base.toNanos();
    long most = cap.toNanos();
    int doublings = Math.min(retry - 1, 62);
    return Duration.ofNanos(first > (most >> doublings) ? most : first << doublings);
  }

  /**
   * Draws the wait before a retry.
   *
   * @param retry 1 for the first retry, which is the second attempt
   * @param random asked once
   */
  public Duration draw(int retry, RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(bound(retry).toNanos() + 1));
  }
}
