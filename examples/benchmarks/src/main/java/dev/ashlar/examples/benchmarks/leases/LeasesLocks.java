package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.ReleaseOutcome;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;

/** Leases as an application takes them: kept until they are closed. */
final class LeasesLocks implements Locks {

  private final Leases leases;
  private final Optional<GuardedRows> rows;
  private final Closeable end;

  /**
   * Takes leases from a store.
   *
   * @param rows what is guarded; nothing where the store is elsewhere than any data
   * @param end closes what is below the leases
   */
  LeasesLocks(
      LeaseStore store,
      TimeSource time,
      Observer observer,
      Optional<GuardedRows> rows,
      Closeable end) {
    LeaseOptions options = LeaseOptions.of("benchmark", new SplittableRandom(1));
    this.leases = Leases.of(store, options, IdSource.system(), time, observer);
    this.rows = rows;
    this.end = end;
  }

  @Override
  public Hold acquire(String name, Deadline deadline) throws InterruptedException {
    return new Held(take(name, deadline));
  }

  /** Takes a lease. */
  Lease take(String name, Deadline deadline) throws InterruptedException {
    return leases
        .acquire(new LeaseName(name), deadline)
        .lease()
        .orElseThrow(() -> new IllegalStateException("lease: held (expected: free in time)"));
  }

  @Override
  public void close() throws IOException {
    leases.close();
    end.close();
  }

  private final class Held implements Hold {
    private final Lease lease;
    private Optional<GuardedRows.Claimed> claimed = Optional.empty();

    Held(Lease lease) {
      this.lease = lease;
    }

    @Override
    public long token() {
      return lease.token().value();
    }

    @Override
    public boolean claim(Deadline deadline) throws Exception {
      if (rows.isPresent()) {
        claimed = Optional.of(rows.get().claim(lease, deadline));
      }
      return rows.isPresent();
    }

    @Override
    public boolean write(Deadline deadline) throws Exception {
      if (claimed.isPresent()) {
        claimed.get().write();
      }
      return claimed.isPresent();
    }

    @Override
    public boolean renew(Deadline deadline) throws InterruptedException {
      LeaseState state = lease.confirm(deadline);
      if (state != LeaseState.HELD) {
        throw new IllegalStateException("lease: " + state + " (expected: HELD)");
      }
      return true;
    }

    @Override
    public void release(Deadline deadline) throws InterruptedException {
      ReleaseOutcome outcome = lease.release(deadline);
      if (outcome != ReleaseOutcome.RELEASED) {
        throw new IllegalStateException("release: " + outcome + " (expected: RELEASED)");
      }
    }
  }
}
