package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.HeartbeatDetector;
import dev.ashlar.leases.detect.PauseMonitor;
import java.time.Duration;

/** The detector with a fixed timeout keeps the contract. */
@Subject("detector")
class HeartbeatDetectorTest extends DetectorContract {

  @Override
  protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
    return HeartbeatDetector.of(Duration.ofSeconds(5), local, time);
  }
}
