package dev.ashlar.core.review.samples;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import java.time.Instant;

/** Leases judged by a wall clock. */
final class LeaseR3 {

  private LeaseR3() {}

  @Finds(1)
  static final class Wrong {

    private final Instant end;

    Wrong(Grant grant, TimeSource time) {
      end = time.wallTime().plus(grant.term());
    }

    boolean isBefore(Instant moment) {
      return moment.isBefore(end);
    }
  }

  @Finds(1)
  static final class WrongByTheJdksClock {

    Instant end(Lease lease) {
      return Instant.now().plus(lease.remaining());
    }
  }

  @Finds(0)
  static final class Right {

    boolean isHeld(Lease lease) {
      return lease.stillHeld();
    }

    String noted() {
      return "at " + Instant.now();
    }
  }
}
