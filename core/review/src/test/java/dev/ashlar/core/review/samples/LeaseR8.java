package dev.ashlar.core.review.samples;

import dev.ashlar.leases.Lease;
import java.util.concurrent.atomic.AtomicBoolean;

/** Flags instead of the state. */
final class LeaseR8 {

  private LeaseR8() {}

  @Finds(1)
  static final class Wrong {

    // [readme:r8-wrong]
    private final AtomicBoolean mine = new AtomicBoolean(true);

    void begin(Lease lease) {
      lease.whenLost(cause -> mine.set(false)); // Later than the loss, by as long as it takes.
    }

    boolean mayGoOn() {
      return mine.get();
    }
    // [/readme]
  }

  @Finds(0)
  static final class Right {

    // [readme:r8-right]
    boolean mayGoOn(Lease lease) {
      return lease.stillHeld(); // By the clock, at this moment.
    }

    void begin(Lease lease, Runnable wakeUp) {
      lease.whenLost(cause -> wakeUp.run()); // So that nobody waits for a result in vain.
    }
    // [/readme]
  }
}
