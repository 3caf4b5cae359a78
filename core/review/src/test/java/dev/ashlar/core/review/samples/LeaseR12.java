package dev.ashlar.core.review.samples;

import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Standing;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Tokens compared by hand. */
final class LeaseR12 {

  private LeaseR12() {}

  @Finds(1)
  static final class Wrong {

    // [readme:r12-wrong]
    private @Nullable FencingToken largest;

    boolean admits(FencingToken token) { // Forgotten by a restart, and not in the transaction.
      boolean admits = largest == null || token.compareTo(largest) >= 0;
      largest = admits ? token : largest;
      return admits;
    }
    // [/readme]
  }

  @Finds(0)
  record Right(Floor<Connection> floor) {

    // [readme:r12-right]
    boolean admits(Connection tx, Fence fence) {
      return floor.check(tx, "accounts", fence) instanceof Standing.Level;
    }
    // [/readme]
  }
}
