package dev.ashlar.leases.keep;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.ReleaseOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/*
 * One lease: the Keeper decides, this waits and asks. Each lease has a thread of its own that renews it,
 * so that a store that hangs over one delays no other. The lock is never held while the store is asked.
 *
 *   HELD, SUSPECT --- release(): no further use begins, those that go on end ---> RELEASED, store is told
 *        |
 *        +---- D passes, the store or a resource says no ---> LOST, store is told, for others not to wait
 */

/** A lease that is renewed until it is over. */
final class KeptLease implements Lease {

  private final LeaseStore store;
  private final Fence fence;
  private final LeaseOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final Consumer<KeptLease> whenOver;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Keeper keeper;
  private int uses;
  private boolean closing;

  KeptLease(
      LeaseStore store, Keeping keeping, Grant grant, long sentNanos, Consumer<KeptLease> over) {
    this.store = store;
    this.fence = grant.fence();
    this.options = keeping.options();
    this.time = keeping.time();
    this.observer = keeping.observer();
    this.whenOver = over;
    this.keeper = new Keeper(grant, sentNanos, options);
  }

  /** What all leases of one {@link Leases} have in common. */
  record Keeping(LeaseOptions options, TimeSource time, Observer observer) {}

  void start() {
    Thread thread = new Thread(this::keep, "ashlar-lease-" + name().value());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Renews until the lease is over. What ends this thread ends the lease, or it would look kept.
   */
  private void keep() {
    try {
      Keeper.Step step = awaitStep();
      while (step instanceof Keeper.Step.Renew renew) {
        renew(Deadline.after(Duration.ofNanos(renew.timeoutNanos()), time));
        step = awaitStep();
      }
      ifLost();
    } catch (InterruptedException | RuntimeException | Error e) {
      observer.count("lease.keeper.failed", 1);
      lose(LossCause.DEADLINE);
    } finally {
      whenOver.accept(this);
    }
  }

  private Keeper.Step awaitStep() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Keeper.Step step = keeper.next(time.nanos());
      while (step instanceof Keeper.Step.Wait wait) {
        Duration left = Duration.ofNanos(Math.max(0, wait.untilNanos() - time.nanos()));
        time.await(changed, Deadline.after(left, time));
        step = keeper.next(time.nanos());
      }
      return step;
    } finally {
      lock.unlock();
    }
  }

  private void renew(Deadline deadline) throws InterruptedException {
    long sent = time.nanos();
    observer.step("lease.renew");
    Answer<Grant> answer = store.extend(fence, options.term(), deadline);
    observer.step("lease.renewed");
    observer.count(answer instanceof Answer.Done ? "lease.renewed" : "lease.renew.failed", 1);
    locked(
        now -> {
          keeper.answered(answer, sent, now);
          changed.signalAll();
          return true;
        });
  }

  /** Others need not wait for the end of a term that nobody believes in. */
  private void ifLost() throws InterruptedException {
    Optional<LossCause> cause = lossCause();
    if (cause.isPresent()) {
      observer.count("lease.lost", 1);
      if (cause.get() != LossCause.SUPERSEDED) {
        store.release(fence.holder(), Deadline.after(locked(now -> keeper.requestMax()), time));
      }
    }
  }

  @Override
  public Fence fence() {
    return fence;
  }

  @Override
  public LeaseState state() {
    return locked(keeper::state);
  }

  @Override
  public Optional<LossCause> lossCause() {
    return locked(keeper::lossCause);
  }

  @Override
  public Duration remaining() {
    return locked(keeper::remaining);
  }

  @Override
  public Optional<Use> use() {
    return locked(
        now -> {
          if (closing || !keeper.state(now).isHeld()) {
            return Optional.empty();
          }
          uses++;
          AtomicBoolean ended = new AtomicBoolean();
          return Optional.of(() -> endUse(ended));
        });
  }

  private void endUse(AtomicBoolean ended) {
    if (ended.compareAndSet(false, true)) {
      locked(
          now -> {
            uses--;
            changed.signalAll();
            return true;
          });
    }
  }

  @Override
  public LeaseState confirm(Deadline deadline) throws InterruptedException {
    if (state().isHeld()) {
      renew(deadline.shortenedTo(locked(now -> keeper.requestMax())));
    }
    return state();
  }

  @Override
  public void lose(LossCause cause) {
    locked(
        now -> {
          keeper.lose(cause, now);
          changed.signalAll();
          return true;
        });
  }

  @Override
  public ReleaseOutcome release(Deadline deadline) throws InterruptedException {
    return release(deadline, locked(now -> keeper.requestMax()));
  }

  /**
   * Releases.
   *
   * @param tellMax how long telling the store may take; zero leaves the lease to its term
   */
  ReleaseOutcome release(Deadline deadline, Duration tellMax) throws InterruptedException {
    try {
      Optional<ReleaseOutcome> early = drained(deadline);
      if (early.isPresent()) {
        return early.get();
      }
      observer.step("lease.release");
      Answer<Contender> answer = store.release(fence.holder(), Deadline.after(tellMax, time));
      if (answer instanceof Answer.Done) {
        return ReleaseOutcome.RELEASED;
      }
      return answer instanceof Answer.Refused
          ? ReleaseOutcome.ALREADY_LOST
          : ReleaseOutcome.UNKNOWN;
    } catch (InterruptedException e) {
      giveUp();
      throw e;
    }
  }

  /** Waits for uses, and gives the lease up; the answer is empty if the store is to be told. */
  private Optional<ReleaseOutcome> drained(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      closing = true;
      while (uses > 0 && keeper.state(time.nanos()).isHeld() && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      if (!keeper.state(time.nanos()).isHeld()) {
        return Optional.of(ReleaseOutcome.ALREADY_LOST);
      }
      keeper.release(time.nanos());
      changed.signalAll();
      return uses > 0 ? Optional.of(ReleaseOutcome.UNKNOWN) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Whatever was interrupted: what is closed is not renewed any more, and its term runs out. */
  void giveUp() {
    locked(
        now -> {
          closing = true;
          keeper.release(now);
          changed.signalAll();
          return true;
        });
  }

  @Override
  public void close() {
    try {
      release(Deadline.after(options.drainMax(), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <R> R locked(Function<Long, R> body) {
    lock.lock();
    try {
      return body.apply(time.nanos());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "Lease " + name().value() + " " + token().value() + " " + state();
  }
}
