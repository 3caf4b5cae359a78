package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import java.time.Duration;

/** Elections over the store in memory keep the contract, on clocks that are moved by hand. */
@Subject("election")
class MemoryElectionTest extends ElectionContract {

  private final ManualTime time = ManualTime.create();
  private LeaseStore store = MemoryLeaseStore.of(time);

  @Override
  protected LeaseStore open(TimeSource client) {
    return store;
  }

  @Override
  protected void restartStore() {
    store = MemoryLeaseStore.of(time);
  }

  @Override
  protected TimeSource time() {
    return time;
  }

  @Override
  protected Duration term() {
    return Duration.ofSeconds(15);
  }

  @Override
  protected void pass(Duration duration) {
    time.advance(duration);
  }
}
