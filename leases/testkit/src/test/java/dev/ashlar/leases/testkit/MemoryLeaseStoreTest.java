package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import java.time.Duration;

/** The store in memory keeps the contract, on clocks that are moved by hand. */
@Subject("memory")
class MemoryLeaseStoreTest extends LeaseStoreContract {

  private final ManualTime time = ManualTime.create();
  private LeaseStore store = MemoryLeaseStore.of(time);

  /** The store outlives its users here, and lives by the clock of the process that it is in. */
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
