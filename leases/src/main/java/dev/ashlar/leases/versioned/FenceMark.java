package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;

/**
 * The largest number that a key was written with, and the lease that it counts the grants of.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param lease what for
 * @param token the number
 */
public record FenceMark(LeaseName lease, FencingToken token) {

  /** Checks the parts. */
  public FenceMark {
    requireNonNull(lease, "lease");
    requireNonNull(token, "token");
  }

  /** Returns the mark that a holder leaves. */
  public static FenceMark of(Fence fence) {
    return new FenceMark(fence.lease(), fence.token());
  }
}
