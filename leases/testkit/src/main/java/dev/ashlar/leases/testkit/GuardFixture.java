package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
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
 * @param <T> the transaction
 * @see GuardContract
 */
public abstract class GuardFixture<T> extends Contract {

  static final Duration TERM = Duration.ofSeconds(15);

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  final LeaseName name = new LeaseName("lease-" + IDS.text());
  final String resource = "resource-" + IDS.text();

  private final ManualTime storeTime = ManualTime.create();
  private LeaseStore store = MemoryLeaseStore.of(storeTime);

  /** For the contract. */
  GuardFixture() {}

  // What an adapter says.

  /** Returns the data that are guarded. */
  protected abstract GuardedData<T> data();

  /** Returns the floor beside the data, as a process makes it when it starts. */
  protected abstract Floor<T> floor();

  /**
   * Restarts what has the data and the floor, as far as it can be restarted without losing them.
   */
  protected abstract void restartResource() throws Exception;

  /**
   * Takes a claim back behind the guard's back, as restoring the data from a backup does: the floor
   * of the resource is what it was before anybody claimed it.
   */
  protected abstract void forgetClaim(String resource) throws Exception;

  /** Returns the clock by which the floor waits. */
  protected abstract TimeSource time();

  /** Returns the guard over a floor; overridden by twins only. */
  protected Guard<T> guard(Floor<T> floor) {
    return Guard.over(floor, Observer.none());
  }

  /** Returns how long, in real time, a test waits for what must come; less only for twins. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  final Guard<T> guard() {
    return guard(floor());
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

  final Claim<T> claimed(Guard<T> guard, Lease lease) throws InterruptedException {
    return accepted(guard.claim(resource, lease, soon()));
  }

  static <V> V accepted(Fenced<V> fenced) {
    assertThat(fenced).isInstanceOf(Fenced.Accepted.class);
    return ((Fenced.Accepted<V>) fenced).value();
  }

  final void assertRejected(Fenced<?> fenced) {
    assertThat(fenced).isInstanceOf(Fenced.Rejected.class);
  }

  /** Sets the guarded number under a claim, in a transaction of its own. */
  final Fenced<Long> write(Claim<T> claim, long value) throws Exception {
    T tx = data().begin();
    Fenced<Long> written = writeIn(tx, claim, value);
    data().commit(tx);
    return written;
  }

  final Fenced<Long> writeIn(T tx, Claim<T> claim, long value) throws Exception {
    try {
      return claim.write(
          tx,
          () -> {
            data().write(tx, resource, value);
            return value;
          });
    } catch (Exception e) {
      data().rollback(tx);
      throw e;
    }
  }

  /** Returns the guarded number, as anybody sees it. */
  final long read() throws Exception {
    T tx = data().begin();
    long value = data().read(tx, resource);
    data().rollback(tx);
    return value;
  }

  final Deadline soon() {
    return Deadline.after(patience(), time());
  }

  final <R> R resultOf(String what, Background<R> task) throws Exception {
    Eventually.holds(what, patience(), task::isDone);
    return task.result();
  }
}
