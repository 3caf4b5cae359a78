package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LossCause;
import java.util.concurrent.CountDownLatch;

/** Listeners that wait. */
final class LeaseR9 {

  private LeaseR9() {}

  @Finds(1)
  static final class Wrong {

    void begin(Lease lease, Thread worker) {
      // [readme:r9-wrong]
      lease.whenLost(
          cause -> {
            worker.interrupt();
            joined(worker); // The listeners behind this one are told when the work has ended.
          });
      // [/readme]
      lease.stillHeld();
    }

    private static void joined(Thread worker) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Finds(1)
  record WrongByReleasing(Lease lease, Deadline deadline) {

    void begin() {
      lease.whenLost(this::lost);
    }

    private void lost(LossCause cause) {
      if (cause == LossCause.DEADLINE) {
        lease.close();
      }
    }
  }

  @Finds(0)
  static final class Right {

    void begin(Lease lease, Thread worker, CountDownLatch lost) {
      // [readme:r9-right]
      lease.whenLost(
          cause -> {
            worker.interrupt();
            lost.countDown(); // Whoever has to wait does so elsewhere.
          });
      // [/readme]
    }
  }
}
