package dev.ashlar.core.review.samples;

import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Leases that are found instead of given. */
final class LeaseR7 {

  private LeaseR7() {}

  @Finds(1)
  static final class Wrong {

    // [readme:r7-wrong]
    static @Nullable Lease current; // Whose? Since when? Under which number was this read?

    // [/readme]

    static boolean isHeld() {
      Lease lease = current;
      return lease != null && lease.stillHeld();
    }
  }

  @Finds(2)
  static final class WrongByThread {

    static final ThreadLocal<Claim<Connection>> CLAIM = new ThreadLocal<>();
    static final ThreadLocal<Lease> LEASE = new ThreadLocal<>();
  }

  @Finds(0)
  static final class Right {

    private final Lease lease;

    Right(Lease lease) {
      this.lease = lease;
    }

    // [readme:r7-right]
    void settle(Claim<Connection> claim, Connection tx) {
      claim.write(tx, () -> sum(tx)).orThrow(); // Given by whoever has it.
    }

    // [/readme]

    private int sum(Connection tx) {
      return tx.hashCode() + lease.hashCode();
    }
  }
}
