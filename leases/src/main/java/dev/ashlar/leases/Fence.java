package dev.ashlar.leases;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.FencingToken;

/**
 * What a holder shows to a resource: who it is, and the number of its grant.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param holder to whom the lease was granted
 * @param token the number of the grant
 */
public record Fence(Contender holder, FencingToken token) {

  /** Checks the parts. */
  public Fence {
    requireNonNull(holder, "holder");
    requireNonNull(token, "token");
  }

  /** Returns what the lease is for. */
  public LeaseName lease() {
    return holder.lease();
  }
}
