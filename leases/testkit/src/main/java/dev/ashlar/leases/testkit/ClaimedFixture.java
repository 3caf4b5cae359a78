package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Write;
import java.time.Duration;

/**
 * What the tests of writes under a claim need. An adapter says where the floor is, and how to write
 * under a claim of it.
 *
 * <p>The leases are granted by a store in memory. Each holder has a clock of its own that stands
 * still, as that of a suspended machine does: it believes in its lease, whatever the store has done
 * since.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction of the floor
 */
public abstract class ClaimedFixture<T> extends VersionedFixture {

  private static final Duration TERM = Duration.ofSeconds(15);

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final String resource = "resource-" + IDS.text();
  private final ManualTime storeTime = ManualTime.create();
  private final LeaseStore leases = MemoryLeaseStore.of(storeTime);

  /** For the contract. */
  ClaimedFixture() {}

  /** Returns the floor that is checked with the writes. */
  protected abstract Floor<T> floor();

  /** Returns a way to the values of {@link #open} for whoever has this claim. */
  protected abstract ConditionalStore<String> under(Claim<T> claim);

  /** Returns how long, in real time, a test waits for what must come; less only for twins. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /** Grants the lease to a new holder, after the former one's time in the store. */
  protected final Lease successor() throws InterruptedException {
    storeTime.advance(TERM.multipliedBy(2));
    ManualTime own = ManualTime.create();
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(TERM);
    return Leases.of(leases, options, IDS, own, Observer.none())
        .tryAcquire(name, Deadline.after(Duration.ofSeconds(1), own))
        .lease()
        .orElseThrow(() -> new AssertionError("not granted"));
  }

  /** Claims the one resource of the test for a holder. */
  protected final Claim<T> claimed(Lease lease) throws InterruptedException {
    return claimed(lease, Observer.none());
  }

  /** Claims it, and shows an observer the steps of each write. */
  protected final Claim<T> claimed(Lease lease, Observer observer) throws InterruptedException {
    return GuardFixture.accepted(Guard.over(floor(), observer).claim(resource, lease, soon()));
  }

  final Outcome<String> apply(Claim<T> claim, Write<String> write) throws InterruptedException {
    return under(claim).apply(write, soon());
  }

  final void assertStale(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Stale.class);
  }
}
