package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.guard.TokenRegressionException;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.Set;

/**
 * What an adapter tells the contract of guards about itself, and the words in which its tests are
 * written.
 *
 * <p>The leases are granted by a store in memory. Each holder has a clock of its own that stands
 * still, as that of a suspended machine does: it believes in its lease, whatever the store has done
 * since, so that only the guard is between it and the data.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <C> a claim
 * @see GuardContract
 */
public abstract class GuardFixture<C> extends Contract {

  static final Duration TERM = Duration.ofSeconds(15);

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  final LeaseName name = new LeaseName("lease-" + IDS.text());
  final String resource = "resource-" + IDS.text();
  final String another = "another-" + IDS.text();

  private final ManualTime storeTime = ManualTime.create();
  private LeaseStore store = MemoryLeaseStore.of(storeTime);

  /** For the contract. */
  GuardFixture() {}

  // What an adapter says.

  /**
   * Returns a way to the guarded data, as a process makes it when it starts.
   *
   * @param rejections of that process
   */
  protected abstract GuardedAccess<C> access(RejectionPublisher rejections);

  /**
   * Restarts what has the data and the floor, as far as it can be restarted without losing them.
   */
  protected abstract void restartResource() throws Exception;

  /**
   * Takes a claim back behind the guard's back, as restoring the data from a backup does: the floor
   * of the resource is what it was before anybody claimed it.
   */
  protected abstract void forgetClaim(String resource) throws Exception;

  /** Cuts the way from every guard to the floor, or heals it. */
  protected abstract void cutResource(boolean isCut) throws Exception;

  /**
   * Returns whether a claim waits for writes that were checked before it. If not, the resource
   * refuses them when they end.
   */
  protected boolean claimsWait() {
    return true;
  }

  /** Returns the clock by which the floor waits. */
  protected abstract TimeSource time();

  /** Returns how long, in real time, a test waits for what must come; less only for twins. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  final GuardedAccess<C> access() {
    return access(rejection -> {});
  }

  // Holders.

  /** Grants the lease to a new holder, after the former one's time in the store. */
  final Lease successor() throws InterruptedException {
    storeTime.advance(TERM.multipliedBy(2));
    return holder(ManualTime.create());
  }

  private Lease holder(ManualTime own) throws InterruptedException {
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(TERM);
    Leases leases = Leases.of(store, options, IDS, own, Observer.none());
    return leases
        .tryAcquire(name, Deadline.after(Duration.ofSeconds(1), own))
        .lease()
        .orElseThrow(() -> new AssertionError("not granted"));
  }

  /** Sets the lease store up anew, so that its numbers begin again. */
  final void resetStore() {
    store = MemoryLeaseStore.of(storeTime);
  }

  // Words.

  final C claimed(GuardedAccess<C> access, Lease lease) throws InterruptedException {
    return claimed(access, resource, lease);
  }

  final C claimed(GuardedAccess<C> access, String what, Lease lease) throws InterruptedException {
    return accepted(access.claim(what, lease, soon()));
  }

  static <V> V accepted(Fenced<V> fenced) {
    assertThat(fenced).isInstanceOf(Fenced.Accepted.class);
    return ((Fenced.Accepted<V>) fenced).value();
  }

  final void assertRejected(Fenced<?> fenced) {
    assertThat(fenced).isInstanceOf(Fenced.Rejected.class);
  }

  final void assertLost(Lease lease) {
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.FENCED_BY_RESOURCE);
  }

  /** Asserts that a write which shows this fence is not let through. */
  final void assertTurnedAway(GuardedAccess<C> access, Fence fence) throws Exception {
    assertThat(access.show(resource, fence)).isInstanceOf(Standing.Differs.class);
  }

  final void assertRegression(Lease lease, Fence floor) {
    GuardedAccess<C> access = access();
    assertThatThrownBy(() -> access.claim(resource, lease, soon()))
        .isInstanceOfSatisfying(
            TokenRegressionException.class,
            e -> {
              assertThat(e.presented()).isEqualTo(lease.fence());
              assertThat(e.floor()).isEqualTo(floor);
            });
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.BACKEND_RESET);
  }

  final Deadline soon() {
    return Deadline.after(patience(), time());
  }

  final <R> R resultOf(String what, Background<R> task) throws Exception {
    Eventually.holds(what, patience(), task::isDone);
    return task.result();
  }
}
