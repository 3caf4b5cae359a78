package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Fence;
import java.util.Optional;

/**
 * A resource has refused a token: what to tell the stale holder, and whoever looks after it.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param resource what was to be claimed or written
 * @param presented who came, with which number
 * @param floor who has claimed the resource, with which number; empty if the claim that was made is
 *     not there any more, as after a restore
 */
public record FenceRejection(String resource, Fence presented, Optional<Fence> floor) {

  /** Checks the parts. */
  public FenceRejection {
    requireNonNull(resource, "resource");
    requireNonNull(presented, "presented");
    requireNonNull(floor, "floor");
  }

  /** Returns one sentence for a log: names, owners and numbers. */
  public String describe() {
    String by =
        floor
            .map(up -> "token " + up.token().value() + " of " + up.holder().owner())
            .orElse("nobody");
    return resource
        + ": token "
        + presented.token().value()
        + " of "
        + presented.holder().owner()
        + " refused, claimed by "
        + by;
  }
}
