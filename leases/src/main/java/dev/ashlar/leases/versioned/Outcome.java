package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;

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
