package dev.ashlar.leases.keep;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import java.util.Optional;

/**
 * The answer to a request for a lease.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Acquisition {

  /**
   * The caller holds it, and closes it when done.
   *
   * @param granted kept from now on
   */
  record Granted(Lease granted) implements Acquisition {

    /** Checks the part. */
    public Granted {
      requireNonNull(granted, "granted");
    }
  }

  /**
   * Somebody else holds it.
   *
   * @param current whose it was when the store was asked last, if the store said so
   */
  record Held(Optional<Grant> current) implements Acquisition {

    /** Checks the part. */
    public Held {
      requireNonNull(current, "current");
    }
  }

  /** Returns the lease, if it was granted. */
  default Optional<Lease> lease() {
    return this instanceof Granted one ? Optional.of(one.granted()) : Optional.empty();
  }
}
