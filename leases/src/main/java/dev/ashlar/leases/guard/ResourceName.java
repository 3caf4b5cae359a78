package dev.ashlar.leases.guard;

import dev.ashlar.core.IdSource;
import dev.ashlar.leases.Fence;
import java.util.Optional;

/** The rules for a resource: its name, and that it belongs to one lease. */
final class ResourceName {

  private ResourceName() {}

  static void check(String resource) {
    if (!IdSource.isWellFormed(resource)) {
      throw new IllegalArgumentException(
          "resource: "
              + resource.length()
              + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  static void checkLease(String resource, Optional<Fence> floor, Fence fence) {
    if (floor.isPresent() && !floor.get().lease().equals(fence.lease())) {
      throw new OtherLeaseException(resource, fence.lease(), floor.map(Fence::lease));
    }
  }
}
