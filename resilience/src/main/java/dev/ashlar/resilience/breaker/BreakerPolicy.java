package dev.ashlar.resilience.breaker;

import java.time.Duration;

/**
 * When a {@link Breaker} opens, and how it closes again.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> {@link #standard()} opens when half of at least 20 attempts in 20 s failed
 * (window and rate as in Armeria), stays open for 10 s, more or less by a fifth, so that a fleet of
 * clients does not probe as one, and lets 5 probes through, each with 10 s to come back.
 *
 * @param window over which failures are counted, in whole seconds
 * @param callsMin attempts in the window below which it stays closed: a share of few is noise
 * @param failurePercent the share of failed attempts at which it opens
 * @param openTime how long it stays open
 * @param openJitterPercent by how much that time is made shorter or longer, at random
 * @param probes how many attempts it lets through to find out whether the backend is back; as soon
 *     as that many, or {@code callsMin} if that is less, have ended, their share of failures
 *     decides
 * @param probeMax after how long a probe that has not come back counts as failed
 */
public record BreakerPolicy(
    Duration window,
    int callsMin,
    int failurePercent,
    Duration openTime,
    int openJitterPercent,
    int probes,
    Duration probeMax) {

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int CALLS_MAX = 1_000_000;
  private static final int PROBES_MAX = 1000;

  /** Checks the bounds. */
  public BreakerPolicy {
    if (window.getNano() != 0 || window.getSeconds() < 1 || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "window: " + window + " (expected: whole seconds from 1 s to " + LONGEST + ")");
    }
    within("callsMin", callsMin, 1, CALLS_MAX);
    within("failurePercent", failurePercent, 1, 100);
    positive("openTime", openTime);
    within("openJitterPercent", openJitterPercent, 0, 50);
    within("probes", probes, 1, PROBES_MAX);
    positive("probeMax", probeMax);
  }

  private static void within(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: above 0, to " + LONGEST + ")");
    }
  }

  /** Returns the policy that fits most backends. */
  public static BreakerPolicy standard() {
    return new BreakerPolicy(
        Duration.ofSeconds(20), 20, 50, Duration.ofSeconds(10), 20, 5, Duration.ofSeconds(10));
  }

  /** Returns this policy with other failures to open at. */
  public BreakerPolicy withFailures(Duration window, int callsMin, int failurePercent) {
    return new BreakerPolicy(
        window, callsMin, failurePercent, openTime, openJitterPercent, probes, probeMax);
  }

  /** Returns this policy with another time to stay open. */
  public BreakerPolicy withOpenTime(Duration changed, int jitterPercent) {
    return new BreakerPolicy(
        window, callsMin, failurePercent, changed, jitterPercent, probes, probeMax);
  }

  /** Returns this policy with another number of probes, and another time for each. */
  public BreakerPolicy withProbes(int changed, Duration changedMax) {
    return new BreakerPolicy(
        window, callsMin, failurePercent, openTime, openJitterPercent, changed, changedMax);
  }
}
