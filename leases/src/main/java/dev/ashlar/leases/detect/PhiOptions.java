package dev.ashlar.leases.detect;

import java.time.Duration;

/**
 * How a {@link PhiAccrualDetector} judges.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> The defaults are those of Pekko (Akka), which runs with them. A threshold of 8
 * is a silence that one gap in a hundred million exceeds, if gaps are as they were. A window of
 * 1000 is 8 kB for each node. Without a least deviation an even rhythm would make every millisecond
 * suspicious.
 *
 * @param threshold the level from which on a node is suspected, above 0 to 300
 * @param window how many gaps are remembered of each node, 2 to 10,000
 * @param minStdDev the least standard deviation that is reckoned with, 1 ms to an hour
 * @param acceptablePause what is granted on top of the usual gap, as for a collector's pause there;
 *     up to an hour, and no less than the pause monitor here may overlook
 * @param firstEstimate the gap that is expected before any was seen, 1 ms to an hour
 */
public record PhiOptions(
    double threshold,
    int window,
    Duration minStdDev,
    Duration acceptablePause,
    Duration firstEstimate) {

  /** Checks the bounds. */
  public PhiOptions {
    if (!(threshold > 0 && threshold <= 300)) {
      throw new IllegalArgumentException(
          "threshold: " + threshold + " (expected: above 0, to 300)");
    }
    if (window < 2 || window > 10_000) {
      throw new IllegalArgumentException("window: " + window + " (expected: 2 to 10000)");
    }
    between("minStdDev", minStdDev, Duration.ofMillis(1));
    between("acceptablePause", acceptablePause, Duration.ZERO);
    between("firstEstimate", firstEstimate, Duration.ofMillis(1));
  }

  private static void between(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to PT1H)");
    }
  }

  /** Returns the defaults: 8, 1000 gaps, 100 ms, 3 s and 1 s. */
  public static PhiOptions standard() {
    return new PhiOptions(
        8, 1000, Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ofSeconds(1));
  }

  /** Returns these options with another threshold. */
  public PhiOptions withThreshold(double changed) {
    return new PhiOptions(changed, window, minStdDev, acceptablePause, firstEstimate);
  }

  /** Returns these options with another window. */
  public PhiOptions withWindow(int changed) {
    return new PhiOptions(threshold, changed, minStdDev, acceptablePause, firstEstimate);
  }

  /** Returns these options with another least deviation. */
  public PhiOptions withMinStdDev(Duration changed) {
    return new PhiOptions(threshold, window, changed, acceptablePause, firstEstimate);
  }

  /** Returns these options with another accepted pause. */
  public PhiOptions withAcceptablePause(Duration changed) {
    return new PhiOptions(threshold, window, minStdDev, changed, firstEstimate);
  }

  /** Returns these options with another first estimate. */
  public PhiOptions withFirstEstimate(Duration changed) {
    return new PhiOptions(threshold, window, minStdDev, acceptablePause, changed);
  }
}
