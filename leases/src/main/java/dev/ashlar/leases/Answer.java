package dev.ashlar.leases;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import java.util.Optional;

/**
 * What a lease store made of a request.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param <V> what it gives when it did what it was asked
 */
public sealed interface Answer<V> {

  /**
   * The store did it.
   *
   * @param value what came of it
   */
  record Done<V>(V value) implements Answer<V> {

    /** Checks the part. */
    public Done {
      requireNonNull(value, "value");
    }
  }

  /**
   * The store did not do it, and never will: the lease is not, or no longer, the asker's.
   *
   * @param current whose it is now; empty if it is nobody's, and the asker's own time is over
   */
  record Refused<V>(Optional<Grant> current) implements Answer<V> {

    /** Checks the part. */
    public Refused {
      requireNonNull(current, "current");
    }
  }

  /**
   * The store said nothing about the lease. Only the {@linkplain BackendException#effect() effect}
   * of the failure tells whether the request was, or still may be, carried out.
   *
   * @param failure what went wrong
   */
  record Unknown<V>(BackendException failure) implements Answer<V> {

    /** Checks the part. */
    public Unknown {
      requireNonNull(failure, "failure");
    }
  }
}
