package dev.ashlar.leases.guard;

import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;

/** Fences of one lease, for tests. */
final class Fences {

  private Fences() {}

  /** Returns the fence of the host and the grant of that number. */
  static Fence fence(long token) {
    Contender holder = new Contender(new LeaseName("nightly"), "host-" + token, "n-" + token);
    return new Fence(holder, new FencingToken(token));
  }
}
