package dev.ashlar.leases;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A lease in a store's hands.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param fence whose it is, and its number
 * @param term for how long the store grants the lease to nobody else, at least, counted from when
 *     the request was sent; in a refusal, how long the grant in the way lasts at most, as far as
 *     the store knows
 */
public record Grant(Fence fence, Duration term) {

  /** Checks the parts. */
  public Grant {
    requireNonNull(fence, "fence");
    if (term.isNegative()) {
      throw new IllegalArgumentException("term: " + term + " (expected: >= 0)");
    }
  }
}
