package dev.ashlar.leases.elect;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How one node stands for election, and how it ends.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> A cool-down of 3 s unless told otherwise: others ask every second. Five seconds
 * for listeners at the end, as leases wait for uses. A last resort a quarter of a second after the
 * end: by so much, at least, a holder gives up before its store does, so from then on a successor
 * may lead.
 *
 * @param random spreads retries; used by one thread at a time
 * @param coolDown for how long this node does not stand after it has resigned
 * @param drainMax how long, after resigning or closing, listeners may take before the lease is left
 *     to its term
 * @param retryEvery the pause after a loss, and after a store's permanent failure; half as much
 *     again or less
 * @param overdueAfter how long after the end of the lease listeners may still take
 * @param lastResort run once, if a listener is still busy then; nothing unless told otherwise. It
 *     may halt the process, or whatever else stops a leader that does not stop by itself
 */
public record ElectorOptions(
    RandomGenerator random,
    Duration coolDown,
    Duration drainMax,
    Duration retryEvery,
    Duration overdueAfter,
    Runnable lastResort) {

  private static final Duration DAY = Duration.ofDays(1);

  /** Checks the bounds. */
  public ElectorOptions {
    requireNonNull(random, "random");
    between("coolDown", coolDown, Duration.ZERO);
    between("drainMax", drainMax, Duration.ofMillis(1));
    between("retryEvery", retryEvery, Duration.ofMillis(1));
    between("overdueAfter", overdueAfter, Duration.ZERO);
    requireNonNull(lastResort, "lastResort");
  }

  static void between(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(DAY) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + DAY + ")");
    }
  }

  /** Returns the defaults. */
  public static ElectorOptions of(RandomGenerator random) {
    return new ElectorOptions(
        random,
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofMillis(250),
        () -> {});
  }

  /** Returns these options with another time away after resigning. */
  public ElectorOptions withCoolDown(Duration changed) {
    return new ElectorOptions(random, changed, drainMax, retryEvery, overdueAfter, lastResort);
  }

  /** Returns these options with another time for listeners before the lease is let go. */
  public ElectorOptions withDrainMax(Duration changed) {
    return new ElectorOptions(random, coolDown, changed, retryEvery, overdueAfter, lastResort);
  }

  /** Returns these options with another pause after a loss or a failure. */
  public ElectorOptions withRetryEvery(Duration changed) {
    return new ElectorOptions(random, coolDown, drainMax, changed, overdueAfter, lastResort);
  }

  /**
   * Returns these options with a last resort.
   *
   * @param after how long after the lease's end
   * @param changed run in a thread that only this elector waits for
   */
  public ElectorOptions withLastResort(Duration after, Runnable changed) {
    return new ElectorOptions(random, coolDown, drainMax, retryEvery, after, changed);
  }

  /** Returns a length about that of the pause between tries. */
  long pauseNanos() {
    return (long) (retryEvery.toNanos() * (0.5 + random.nextDouble()));
  }
}
