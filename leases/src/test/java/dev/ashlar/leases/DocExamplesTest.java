package dev.ashlar.leases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final TimeSource time = TimeSource.system();
  private final LeaseStore store = MemoryLeaseStore.of(time);
  private boolean settled;

  @Test
  void aLeaseIsAskedForAndClosed() throws Exception {
    Leases leases =
        Leases.of(
            store,
            LeaseOptions.of("host-1", new SplittableRandom(1)),
            IdSource.system(),
            time,
            Observer.none());
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    // [doc:Leases]
    Acquisition answer = leases.acquire(new LeaseName("nightly"), deadline);
    if (answer instanceof Acquisition.Granted granted) {
      try (Lease lease = granted.granted()) {
        settle(lease);
      }
    }
    // [/doc]
    assertThat(settled).isTrue();
  }

  private void settle(Lease lease) {
    settled = lease.stillHeld();
  }
}
