package dev.ashlar.leases.keep;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.ReleaseOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/*
 * One lease: the Keeper decides, Renewals say when to ask, and this is where both meet its users. The
 * lock is never held while the store is asked or a listener runs.
 *
 *   HELD, SUSPECT --- release(): no further use begins, those that go on end ---> RELEASED, store is told
 *        |
 *        +---- D passes, the store or a resource says no ---> LOST, listeners and the store are told
 */

/** A lease that is renewed until it is over. */
final class KeptLease implements Lease {

  private final Keeping keeping;
  private final Renewals renewals;
  private final Fence fence;
  private final LeaseOptions options;
  private final TimeSource time;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Keeper keeper;
  private final List<Consumer<LossCause>> listeners = new ArrayList<>();
  private long pausesSeen;
  private int uses;
  private boolean closing;
  private boolean asking;

  /**
   * Begins with a grant.
   *
   * @param sentNanos before the request was sent
   * @param pausesSeen how often this process had stood still by then
   */
  KeptLease(Keeping keeping, Renewals renewals, Grant grant, long sentNanos, long pausesSeen) {
    this.keeping = keeping;
    this.renewals = renewals;
    this.fence = grant.fence();
    this.options = keeping.options();
    this.time = keeping.time();
    this.keeper = new Keeper(grant, sentNanos, options);
    this.pausesSeen = pausesSeen;
  }

  // What the renewals ask.

  /** Returns what to do now; a renewal is under way afterwards, until it is {@link #answered}. */
  Keeper.Step due(long aheadNanos) {
    return locked(
        now -> {
          Keeper.Step step = keeper.next(now, aheadNanos);
          if (asking && !(step instanceof Keeper.Step.Stop)) {
            return new Keeper.Step.Wait(keeper.endNanos());
          }
          asking |= step instanceof Keeper.Step.Renew;
          return step;
        });
  }

  /** Returns when it is over if nothing is heard. */
  long endNanos() {
    return locked(now -> keeper.endNanos());
  }

  /** Takes the answer to a renewal into account. */
  void answered(Answer<Grant> answer, long sentNanos) {
    heard(answer, sentNanos);
    locked(now -> asking = false);
  }

  private void heard(Answer<Grant> answer, long sentNanos) {
    String word = answer instanceof Answer.Done ? "lease.renewed" : "lease.renew.failed";
    locked(
        now -> {
          keeper.answered(answer, sentNanos, now);
          changed.signalAll();
          return true;
        });
    keeping.observer().count(word, 1);
  }

  /** Tells listeners of the loss, each once. */
  void tellListeners() {
    Optional<LossCause> cause = lossCause();
    if (cause.isPresent()) {
      for (Consumer<LossCause> listener : takeListeners()) {
        tell(listener, cause.get());
      }
    }
  }

  private List<Consumer<LossCause>> takeListeners() {
    return locked(
        now -> {
          List<Consumer<LossCause>> taken = List.copyOf(listeners);
          listeners.clear();
          return taken;
        });
  }

  /** What one listener throws is no reason not to tell the others. */
  private void tell(Consumer<LossCause> listener, LossCause cause) {
    try {
      listener.accept(cause);
    } catch (RuntimeException e) {
      keeping.observer().count("lease.listener.failed", 1);
    }
  }

  /** Others need not wait for the end of a term that nobody believes in, unless they shall. */
  void giveBackIfLost() throws InterruptedException {
    Optional<LossCause> cause = lossCause();
    if (cause.isPresent()) {
      keeping.observer().count("lease.lost", 1);
      if (cause.get() != LossCause.SUPERSEDED && options.lockDelay().isZero()) {
        Duration max = locked(now -> keeper.requestMax());
        keeping.store().release(fence.holder(), Deadline.after(max, time));
      }
    }
  }

  // What its holder asks.

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
  public void whenLost(Consumer<LossCause> listener) {
    Optional<LossCause> lost =
        locked(
            now -> {
              if (keeper.state(now).isHeld()) {
                if (listeners.size() >= LISTENERS_MAX) {
                  throw new IllegalStateException(
                      "listeners: " + LISTENERS_MAX + " (expected: fewer)");
                }
                listeners.add(listener);
              }
              return keeper.lossCause(now);
            });
    lost.ifPresent(cause -> tell(listener, cause));
  }

  @Override
  public void progress() {
    locked(
        now -> {
          keeper.progressed(now);
          return true;
        });
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
      Deadline limited = deadline.shortenedTo(locked(now -> keeper.requestMax()));
      long sent = time.nanos();
      keeping.observer().step("lease.renew");
      heard(keeping.store().extend(fence, options.askedTerm(), limited), sent);
      renewals.wake(this);
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
    renewals.wake(this);
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
      renewals.wake(this);
      if (early.isPresent()) {
        return early.get();
      }
      keeping.observer().step("lease.release");
      Answer<Contender> answer =
          keeping.store().release(fence.holder(), Deadline.after(tellMax, time));
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
    renewals.wake(this);
  }

  @Override
  public void close() {
    try {
      release(Deadline.after(options.drainMax(), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isUsed() {
    return locked(now -> uses > 0);
  }

  /** Whoever looks first after a pause takes it into account. */
  private <R> R locked(Function<Long, R> body) {
    long pauses = renewals.pauses();
    boolean stood = false;
    lock.lock();
    try {
      long now = time.nanos();
      if (pauses > pausesSeen) {
        pausesSeen = pauses;
        keeper.paused(now);
        stood = true;
      }
      return body.apply(now);
    } finally {
      lock.unlock();
      if (stood) {
        renewals.wake(this);
      }
    }
  }

  @Override
  public String toString() {
    return "Lease " + name().value() + " " + token().value() + " " + state();
  }
}
