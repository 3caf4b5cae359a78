package dev.ashlar.leases.keep;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;
import java.time.Duration;
import java.util.Optional;
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
 * @param lockDelay for how long after a holder is gone without a word nobody else gets the lease:
 *     for resources without a {@linkplain dev.ashlar.leases.guard.Guard guard}, whose late writes
 *     are hoped to arrive by then; zero where there is a guard
 * @param stallMax for how long the work under a lease may not {@linkplain
 *     dev.ashlar.leases.Lease#progress() progress} before the lease is lost; empty for ever
 */
public record LeaseOptions(
    String owner,
    RandomGenerator random,
    Duration term,
    double driftBound,
    Duration pollEvery,
    Duration drainMax,
    Duration lockDelay,
    Optional<Duration> stallMax) {

  /** The shortest term. */
  static final Duration TERM_LEAST = Duration.ofSeconds(1);

  /** As in Consul, where nobody has asked for more. */
  private static final Duration LOCK_DELAY_MOST = Duration.ofMinutes(1);

  private static final Duration DAY = Duration.ofDays(1);

  /** Checks the bounds. */
  public LeaseOptions {
    if (!IdSource.isWellFormed(owner)) {
      throw new IllegalArgumentException(
          "owner: " + owner.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(random, "random");
    between("term", term, TERM_LEAST, DAY);
    if (!(driftBound >= 0 && driftBound <= 0.2)) {
      throw new IllegalArgumentException("driftBound: " + driftBound + " (expected: 0 to 0.2)");
    }
    between("pollEvery", pollEvery, Duration.ofMillis(1), DAY);
    between("drainMax", drainMax, Duration.ofMillis(1), DAY);
    between("lockDelay", lockDelay, Duration.ZERO, LOCK_DELAY_MOST);
    stallMax.ifPresent(max -> between("stallMax", max, Duration.ofMillis(1), DAY));
  }

  private static void between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  /** Returns the defaults. */
  public static LeaseOptions of(String owner, RandomGenerator random) {
    return new LeaseOptions(
        owner,
        random,
        Duration.ofSeconds(15),
        0.01,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ZERO,
        Optional.empty());
  }

  /** Returns these options with another term. */
  public LeaseOptions withTerm(Duration changed) {
    return new LeaseOptions(
        owner, random, changed, driftBound, pollEvery, drainMax, lockDelay, stallMax);
  }

  /** Returns these options with another bound on the difference of clock rates. */
  public LeaseOptions withDriftBound(double changed) {
    return new LeaseOptions(owner, random, term, changed, pollEvery, drainMax, lockDelay, stallMax);
  }

  /** Returns these options with another wait between two questions. */
  public LeaseOptions withPollEvery(Duration changed) {
    return new LeaseOptions(
        owner, random, term, driftBound, changed, drainMax, lockDelay, stallMax);
  }

  /** Returns these options with another wait for uses at the end. */
  public LeaseOptions withDrainMax(Duration changed) {
    return new LeaseOptions(
        owner, random, term, driftBound, pollEvery, changed, lockDelay, stallMax);
  }

  /** Returns these options with another delay after a holder that went without a word. */
  public LeaseOptions withLockDelay(Duration changed) {
    return new LeaseOptions(
        owner, random, term, driftBound, pollEvery, drainMax, changed, stallMax);
  }

  /** Returns these options with a longest time in which the work may not progress. */
  public LeaseOptions withStallMax(Duration changed) {
    return new LeaseOptions(
        owner, random, term, driftBound, pollEvery, drainMax, lockDelay, Optional.of(changed));
  }

  /** Returns the term that the store is asked for: the holder believes in it without the delay. */
  Duration askedTerm() {
    return term.plus(lockDelay);
  }

  /** Generators are for one thread, and leases are renewed by many. */
  LeaseOptions forManyThreads() {
    RandomGenerator safe =
        () -> {
          synchronized (random) {
            return random.nextLong();
          }
        };
    return new LeaseOptions(
        owner, safe, term, driftBound, pollEvery, drainMax, lockDelay, stallMax);
  }
}
