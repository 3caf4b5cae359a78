package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.leases.Fence;
import java.util.Optional;

/**
 * How a number stands against the floor of a resource.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Standing {

  /** It is the floor: the number, and the holder whose it is. */
  record Level() implements Standing {}

  /**
   * It is not.
   *
   * @param floor what is; empty if nobody has claimed the resource
   */
  record Differs(Optional<Fence> floor) implements Standing {

    /** Checks the part. */
    public Differs {
      requireNonNull(floor, "floor");
    }
  }

  /**
   * The resource did not say.
   *
   * @param failure what went wrong, and what it did
   */
  record Unknown(BackendException failure) implements Standing {

    /** Checks the part. */
    public Unknown {
      requireNonNull(failure, "failure");
    }
  }
}
