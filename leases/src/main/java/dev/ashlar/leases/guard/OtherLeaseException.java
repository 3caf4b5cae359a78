package dev.ashlar.leases.guard;

import dev.ashlar.leases.LeaseName;
import java.util.Optional;

/**
 * A resource was to be claimed or written under another lease than the one that it is claimed
 * under, whose numbers say nothing about those of this one.
 *
 * <p>A mistake of whoever names the lease. A service that is sent the name with a request can tell
 * this from mistakes of its own.
 */
public final class OtherLeaseException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param resource what was to be claimed or written
   * @param presented under which lease
   * @param claimed under which it is claimed, if that is known
   */
  public OtherLeaseException(String resource, LeaseName presented, Optional<LeaseName> claimed) {
    super(
        resource
            + ": lease "
            + presented.value()
            + " (expected: "
            + claimed.map(name -> name.value() + ",").orElse("the one")
            + " under which it was claimed)");
  }
}
