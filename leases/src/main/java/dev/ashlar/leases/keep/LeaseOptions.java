package dev.ashlar.leases.keep;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How leases are asked for and kept.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> A term of 15 s unless told otherwise: a crash is noticed in that time, and a
 * collector's pause of several seconds loses nothing. At least 1 s, because the margin that covers
 * scheduling (a quarter of a second) would eat up less. Renewal comes every third of the term, so
 * that two may fail. A drift bound of one per cent is a hundred times what a healthy quartz does.
 *
 * @param owner who asks, for people to read; 1 to 64 of A-Z a-z 0-9 . _ -
 * @param random spreads renewals and retries; used by one thread at a time
 * @param term for how long a grant lasts without renewal; a store over sessions decides itself
 * @param driftBound how much faster than the holder's clock the store's may run, 0.01 for a per
 *     cent
 * @param pollEvery how often a waiting contender asks a store that cannot tell it of changes; at
 *     least four times in a term
 * @param drainMax how long closing waits for uses that go on
 */
public record LeaseOptions(
    String owner,
    RandomGenerator random,
    Duration term,
    double driftBound,
    Duration pollEvery,
    Duration drainMax) {

  /** Checks the bounds. */
  public LeaseOptions {
    if (!IdSource.isWellFormed(owner)) {
      throw new IllegalArgumentException(
          "owner: " + owner.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(random, "random");
    between("term", term, Duration.ofSeconds(1));
    if (!(driftBound >= 0 && driftBound <= 0.2)) {
      throw new IllegalArgumentException("driftBound: " + driftBound + " (expected: 0 to 0.2)");
    }
    between("pollEvery", pollEvery, Duration.ofMillis(1));
    between("drainMax", drainMax, Duration.ofMillis(1));
  }

  private static void between(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + Duration.ofDays(1) + ")");
    }
  }

  /** Returns the defaults. */
  public static LeaseOptions of(String owner, RandomGenerator random) {
    return new LeaseOptions(
        owner, random, Duration.ofSeconds(15), 0.01, Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  /** Returns these options with another term. */
  public LeaseOptions withTerm(Duration changed) {
    return new LeaseOptions(owner, random, changed, driftBound, pollEvery, drainMax);
  }

  /** Returns these options with another bound on the difference of clock rates. */
  public LeaseOptions withDriftBound(double changed) {
    return new LeaseOptions(owner, random, term, changed, pollEvery, drainMax);
  }

  /** Returns these options with another wait between two questions. */
  public LeaseOptions withPollEvery(Duration changed) {
    return new LeaseOptions(owner, random, term, driftBound, changed, drainMax);
  }

  /** Returns these options with another wait for uses at the end. */
  public LeaseOptions withDrainMax(Duration changed) {
    return new LeaseOptions(owner, random, term, driftBound, pollEvery, changed);
  }

  /** Generators are for one thread, and each lease has a thread. */
  LeaseOptions forManyThreads() {
    RandomGenerator safe =
        () -> {
          synchronized (random) {
            return random.nextLong();
          }
        };
    return new LeaseOptions(owner, safe, term, driftBound, pollEvery, drainMax);
  }
}
