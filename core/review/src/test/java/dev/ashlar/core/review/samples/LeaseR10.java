package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.keep.Scoped;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Work that goes on after the loss. */
final class LeaseR10 {

  private LeaseR10() {}

  @Finds(1)
  record Wrong(Leases leases, BlockingQueue<String> pages) {

    Scoped<Integer> print(LeaseName name, Deadline deadline) throws InterruptedException {
      return leases.call(name, deadline, this::printed);
    }

    // [readme:r10-wrong]
    int printed(Lease lease) {
      int printed = 0;
      while (printed < 1000) {
        try {
          printed += pages.poll(1, TimeUnit.SECONDS) == null ? 0 : 1;
        } catch (InterruptedException e) {
          printed = 0; // Once more, then. It was the loss of the lease.
        }
      }
      return printed;
    }
    // [/readme]
  }

  @Finds(0)
  record Right(Leases leases, List<String> pages, BlockingQueue<String> printer) {

    Scoped<Integer> print(LeaseName name, Deadline deadline) throws InterruptedException {
      // [readme:r10-right]
      return leases.call(
          name,
          deadline,
          lease -> {
            for (String page : pages) {
              printer.put(page); // An interrupt ends it.
              lease.progress(); // With LeaseOptions.withStallMax, what hangs is lost.
            }
            return pages.size();
          });
      // [/readme]
    }
  }
}
