package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.Leases;
import java.util.Optional;

/** Leases that end upon a suspicion. */
final class LeaseR17 {

  private LeaseR17() {}

  @Finds(1)
  record Wrong(FailureDetector<String> detector, LeaseStore store) {

    Optional<Answer<Contender>> takeOver(Contender holder, Deadline deadline)
        throws InterruptedException {
      // [readme:r17-wrong]
      if (detector.suspicion(holder.owner()).verdict() == Verdict.SUSPECTED) {
        return Optional.of(store.release(holder, deadline)); // It is at work, and was cut off.
      }
      // [/readme]
      return Optional.empty();
    }
  }

  @Finds(0)
  record Right(FailureDetector<String> detector, Leases leases) {

    Optional<Acquisition> takeOver(String owner, LeaseName name, Deadline deadline)
        throws InterruptedException {
      // [readme:r17-right]
      if (detector.suspicion(owner).verdict() == Verdict.SUSPECTED) {
        return Optional.of(leases.tryAcquire(name, deadline)); // The store knows whose it is.
      }
      // [/readme]
      return Optional.empty();
    }
  }
}
