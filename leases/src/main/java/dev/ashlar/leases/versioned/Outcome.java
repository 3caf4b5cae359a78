package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import java.util.Optional;

/**
 * What a store made of a write.
 *
 * <p><b>Threads.</b> Immutable, if the value is.
 *
 * @param <V> the value
 */
public sealed interface Outcome<V> {

  /**
   * It was carried out, by this request or by an earlier one with the same nonce.
   *
   * @param version that it made
   */
  record Applied<V>(long version) implements Outcome<V> {

    /** Checks the number. */
    public Applied {
      if (version < 1) {
        throw new IllegalArgumentException("version: " + version + " (expected: >= 1)");
      }
    }
  }

  /**
   * The condition did not hold, so this request changed nothing. Whether an earlier request with
   * the same nonce did is for {@link Versioned#fateOf} to say.
   *
   * @param current what was there right after
   */
  record Conflict<V>(Versioned<V> current) implements Outcome<V> {

    /** Checks the part. */
    public Conflict {
      requireNonNull(current, "current");
    }
  }

  /**
   * The claim that it was made under is over, so this request changed nothing, whatever the version
   * was, and no later one under that claim will. Whether an earlier request with the same nonce did
   * is for {@link Versioned#fateOf} to say; if there is a rejection, what was not applied by then
   * never will be.
   *
   * <p>Never the answer to a write that is made under no claim.
   *
   * @param rejection who was refused, and because of whom; empty if the lease was over, or being
   *     given back, before the store was asked ({@link Fenced.NotHeld})
   * @param current what was there right after
   */
  record Stale<V>(Optional<FenceRejection> rejection, Versioned<V> current) implements Outcome<V> {

    /** Checks the parts. */
    public Stale {
      requireNonNull(rejection, "rejection");
      requireNonNull(current, "current");
    }
  }

  /**
   * The store did not say. Unless the {@linkplain BackendException#effect() effect} of the failure
   * is none, the write was, or may still be, carried out: apply the same write again.
   *
   * @param failure what went wrong
   */
  record Unknown<V>(BackendException failure) implements Outcome<V> {

    /** Checks the part. */
    public Unknown {
      requireNonNull(failure, "failure");
    }
  }
}
