package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.PauseMonitor;
import dev.ashlar.leases.detect.PhiAccrualDetector;
import dev.ashlar.leases.detect.PhiOptions;

/** The detector that learns the rhythm keeps the contract. */
@Subject("detector")
class PhiAccrualDetectorTest extends DetectorContract {

  @Override
  protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
    return PhiAccrualDetector.of(PhiOptions.standard(), local, time);
  }
}
