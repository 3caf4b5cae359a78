package dev.ashlar.leases.own;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How one node takes partitions over and hands them over.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Eight threads unless told otherwise: requests to a store and calls of the
 * listener that take long do not count after a second, and 64 more are begun beside them. A
 * partition that somebody else holds is asked for every second, which for a thousand of them is
 * what a store easily bears. Five seconds for a hand-over, as leases wait for uses.
 *
 * @param random spreads retries; used by one thread at a time
 * @param threads how many partitions are taken or handed over at once
 * @param pollEvery how often a partition that somebody else holds is asked for; half as much again
 *     or less
 * @param drainMax how long the hand-over of one partition may take before its lease is left to its
 *     term
 * @param closeMax how long closing waits for all hand-overs
 */
public record OwnerOptions(
    RandomGenerator random, int threads, Duration pollEvery, Duration drainMax, Duration closeMax) {

  private static final int THREADS_MOST = 256;
  private static final Duration DAY = Duration.ofDays(1);

  /** Checks the bounds. */
  public OwnerOptions {
    requireNonNull(random, "random");
    if (threads < 1 || threads > THREADS_MOST) {
      throw new IllegalArgumentException(
          "threads: " + threads + " (expected: 1 to " + THREADS_MOST + ")");
    }
    check("pollEvery", pollEvery);
    check("drainMax", drainMax);
    check("closeMax", closeMax);
  }

  private static void check(String name, Duration value) {
    Duration least = Duration.ofMillis(1);
    if (value.compareTo(least) < 0 || value.compareTo(DAY) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + DAY + ")");
    }
  }

  /** Returns the defaults. */
  public static OwnerOptions of(RandomGenerator random) {
    return new OwnerOptions(
        random, 8, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30));
  }

  /** Returns these options with another number of threads. */
  public OwnerOptions withThreads(int changed) {
    return new OwnerOptions(random, changed, pollEvery, drainMax, closeMax);
  }

  /** Returns these options with another wait between two questions. */
  public OwnerOptions withPollEvery(Duration changed) {
    return new OwnerOptions(random, threads, changed, drainMax, closeMax);
  }

  /** Returns these options with another time for each hand-over. */
  public OwnerOptions withDrainMax(Duration changed) {
    return new OwnerOptions(random, threads, pollEvery, changed, closeMax);
  }

  /** Returns these options with another time for all hand-overs at the end. */
  public OwnerOptions withCloseMax(Duration changed) {
    return new OwnerOptions(random, threads, pollEvery, drainMax, changed);
  }

  /** Returns a length about that of the wait between two questions. */
  long pollNanos() {
    return (long) (pollEvery.toNanos() * (0.5 + random.nextDouble()));
  }
}
