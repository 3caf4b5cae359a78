package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import java.sql.Connection;
import java.sql.SQLException;

/** Outcomes that nobody looks at. */
final class LeaseR11 {

  private LeaseR11() {}

  interface Orders {
    int ship(Connection tx);
  }

  @Finds(1)
  record Wrong(Orders orders, Claim<Connection> claim) {

    void ship(Connection tx) throws SQLException {
      // [readme:r11-wrong]
      claim.write(tx, () -> orders.ship(tx));
      tx.commit(); // Of nothing, perhaps.
      // [/readme]
    }
  }

  @Finds(1)
  record WrongByAsking(Lease lease) {

    void ask(Deadline deadline) throws InterruptedException {
      lease.confirm(deadline);
    }
  }

  @Finds(0)
  record Right(Orders orders, Claim<Connection> claim) {

    boolean ship(Connection tx) throws SQLException {
      // [readme:r11-right]
      Fenced<Integer> shipped = claim.write(tx, () -> orders.ship(tx));
      if (shipped instanceof Fenced.Accepted<Integer>) {
        tx.commit();
        return true;
      }
      tx.rollback(); // A successor has claimed, or the lease is over: end the job.
      return false;
      // [/readme]
    }

    boolean isHeld(Lease lease, Deadline deadline) throws InterruptedException {
      return lease.confirm(deadline) == LeaseState.HELD;
    }
  }
}
