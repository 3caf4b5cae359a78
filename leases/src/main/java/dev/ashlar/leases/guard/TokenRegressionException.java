package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Fence;

/**
 * The store's numbers have gone back: it says that the lease is held, and yet the resource has been
 * claimed with a larger number, or with the same number of another grant.
 *
 * <p>So it happens after a store was restored from a backup, failed over to a copy that lagged
 * behind, or was set up anew while the resource kept its floor. Nothing is written until somebody
 * lets the store begin above the floor, because among the old numbers nobody can tell late from
 * new.
 *
 * @see dev.ashlar.leases.LeaseStore
 */
public final class TokenRegressionException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final transient Fence presented;
  private final transient Fence floor;

  /**
   * Makes the exception.
   *
   * @param resource what was to be claimed
   * @param presented the store's number
   * @param floor the resource's
   */
  public TokenRegressionException(String resource, Fence presented, Fence floor) {
    super(
        resource
            + ": token "
            + presented.token().value()
            + " (expected: above "
            + floor.token().value()
            + ", which is claimed; let the store begin above it)");
    this.presented = requireNonNull(presented, "presented");
    this.floor = requireNonNull(floor, "floor");
  }

  /** Returns the number that the store gave. */
  public Fence presented() {
    return presented;
  }

  /** Returns the number that the resource was claimed with. */
  public Fence floor() {
    return floor;
  }
}
