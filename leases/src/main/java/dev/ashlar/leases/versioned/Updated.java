package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.leases.guard.FenceRejection;
import java.util.Optional;

/**
 * How an update ended.
 *
 * <p><b>Threads.</b> Immutable, if the value is.
 *
 * @param <V> the value
 */
public sealed interface Updated<V> {

  /**
   * It was written, once.
   *
   * @param version that it made
   * @param value as written; empty if it was deleted
   */
  record Applied<V>(long version, Optional<V> value) implements Updated<V> {

    /** Checks the parts. */
    public Applied {
      requireNonNull(value, "value");
    }
  }

  /**
   * The edit left it; nothing was written, and nothing will be.
   *
   * @param current what it was shown
   */
  record Left<V>(Versioned<V> current) implements Updated<V> {

    /** Checks the part. */
    public Left {
      requireNonNull(current, "current");
    }
  }

  /**
   * Others were quicker each time, until the tries or the time were used up; nothing was written,
   * and nothing will be.
   *
   * @param tries how many there were
   * @param current what was in the way of the last
   */
  record Exhausted<V>(int tries, Versioned<V> current) implements Updated<V> {

    /** Checks the parts. */
    public Exhausted {
      requireNonNull(current, "current");
      if (tries < 1) {
        throw new IllegalArgumentException("tries: " + tries + " (expected: >= 1)");
      }
    }
  }

  /**
   * The claim that the store writes under is over; nothing was written, and nothing will be.
   *
   * @param rejection who was refused, and because of whom; empty if the lease was over, or being
   *     given back, before the store was asked
   * @param current what was there right after
   */
  record Stale<V>(Optional<FenceRejection> rejection, Versioned<V> current) implements Updated<V> {

    /** Checks the parts. */
    public Stale {
      requireNonNull(rejection, "rejection");
      requireNonNull(current, "current");
    }
  }

  /**
   * The write was, or may still be, carried out. Whoever needs to know applies the same write
   * again, or reads and asks {@link Versioned#fateOf}; whoever updates again may do it twice.
   *
   * @param write that has no answer
   * @param failure the last of it
   */
  record Undecided<V>(Write<V> write, BackendException failure) implements Updated<V> {

    /** Checks the parts. */
    public Undecided {
      requireNonNull(write, "write");
      requireNonNull(failure, "failure");
    }
  }

  /**
   * The store could not be asked; nothing was written, and nothing will be.
   *
   * @param failure the last of it
   */
  record Failed<V>(BackendException failure) implements Updated<V> {

    /** Checks the part. */
    public Failed {
      requireNonNull(failure, "failure");
    }
  }
}
