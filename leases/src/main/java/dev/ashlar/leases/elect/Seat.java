package dev.ashlar.leases.elect;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/*
 * Where the users' threads, the one that stands and the one that tells meet. Both of the latter look at
 * the lease by themselves before they decide anything, and wait no longer than the lease lasts, so none
 * of them depends on the other, or on being told of a loss.
 */

/** One node's candidacy and its listeners, under one lock, which is never held while others run. */
final class Seat {

  private final ElectorOptions options;
  private final TimeSource time;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Candidacy candidacy;
  private final Roll roll = new Roll();
  private Optional<Thread> asking = Optional.empty();
  private Optional<Thread> beginning = Optional.empty();

  /** The one that stands is about to get a lease, or to give one back. */
  private boolean busy;

  Seat(ElectorOptions options, TimeSource time) {
    this.options = options;
    this.time = time;
    this.candidacy = new Candidacy(options.drainMax(), options.overdueAfter(), time.nanos());
  }

  // What users ask.

  Optional<Term> currentTerm() {
    lock.lock();
    try {
      return candidacy.current();
    } finally {
      lock.unlock();
    }
  }

  void listen(TermListener listener) {
    changing(
        () -> {
          if (roll.size() >= Elector.LISTENERS_MAX) {
            throw new IllegalStateException(
                "listeners: "
                    + Elector.LISTENERS_MAX
                    + " (expected: below "
                    + Elector.LISTENERS_MAX
                    + ")");
          }
          roll.add(listener);
        });
  }

  void resign(Duration coolDown) {
    changing(() -> candidacy.resigned(coolDown, time.nanos()));
    stopAsking();
  }

  void close() {
    changing(() -> candidacy.closed(time.nanos()));
    stopAsking();
  }

  /**
   * Waits until it is all over, and if listeners do not come to an end, until the lease is gone.
   */
  void awaitEnd(Duration max) throws InterruptedException {
    awaitUntil(this::isOver, max);
    awaitUntil(this::isLetGo, max);
  }

  private void awaitUntil(BooleanSupplier condition, Duration max) throws InterruptedException {
    Deadline deadline = Deadline.after(max, time);
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean() && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver() {
    return isDone() && !busy;
  }

  private boolean isDone() {
    return candidacy.isClosed() && candidacy.office().isEmpty();
  }

  private boolean isLetGo() {
    return !busy && candidacy.office().map(Office::isGone).orElse(true);
  }

  // What the thread asks that stands.

  /** Waits until there is something to do. */
  Candidacy.Step nextStep() {
    lock.lock();
    try {
      busy = false;
      while (true) {
        look();
        Candidacy.Step step = candidacy.next(time.nanos(), roll.isQuiet());
        changed.signalAll();
        if (step instanceof Candidacy.Step.Wait wait) {
          Duration untilThen = Duration.ofNanos(Math.max(0, wait.untilNanos() - time.nanos()));
          await(untilThen.compareTo(untilLook()) < 0 ? untilThen : untilLook());
        } else if (step instanceof Candidacy.Step.Serve) {
          await(untilLook());
        } else {
          asking = asker(step);
          busy = asking.isPresent() || step instanceof Candidacy.Step.LetGo;
          return step;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Thread> asker(Candidacy.Step step) {
    return step instanceof Candidacy.Step.Stand
        ? Optional.of(Thread.currentThread())
        : Optional.empty();
  }

  /**
   * Notes the end of asking; an interruption that came too late for it is meant for nothing else.
   */
  void asked() {
    changing(
        () -> {
          asking = Optional.empty();
          boolean unused = Thread.interrupted();
        });
  }

  /** Takes a lease up, unless it came too late or with too small a number. */
  boolean granted(Term term) {
    lock.lock();
    try {
      boolean taken = candidacy.granted(term, options.pauseNanos(), time.nanos());
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void failed() {
    changing(() -> candidacy.failed(options.pauseNanos(), time.nanos()));
  }

  void letGo(Duration left) {
    changing(() -> candidacy.letGo(left.toNanos(), time.nanos()));
  }

  void wake() {
    changing(() -> {});
  }

  // What the thread asks that tells.

  /** Waits until there is something to tell; empty when there never will be. */
  Optional<Roll.Notice> nextNotice() {
    lock.lock();
    try {
      while (true) {
        look();
        Optional<Roll.Notice> notice = roll.next(candidacy.office());
        if (notice.isPresent() || isDone()) {
          beginning = notice.filter(one -> one.end().isEmpty()).map(one -> Thread.currentThread());
          return notice;
        }
        await(untilLook());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a listener has returned; whatever interrupted it was meant for it alone. */
  void told(Roll.Notice notice) {
    changing(
        () -> {
          beginning = Optional.empty();
          boolean unused = Thread.interrupted();
          notice.done().run();
        });
  }

  // All of them.

  private void changing(Runnable change) {
    lock.lock();
    try {
      look();
      change.run();
      if (candidacy.serving().isEmpty()) {
        stopBeginning();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    if (candidacy.look(options::pauseNanos, time.nanos())) {
      stopBeginning();
      changed.signalAll();
    }
  }

  private Duration untilLook() {
    return candidacy.held().map(term -> term.lease().remaining()).orElse(Candidacy.LOOK_EVERY);
  }

  /** A listener that leads in its call, or hangs there, is to come back. */
  private void stopBeginning() {
    beginning.ifPresent(Thread::interrupt);
    beginning = Optional.empty();
  }

  private void stopAsking() {
    lock.lock();
    try {
      asking.ifPresent(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing that is interrupted here is meant to end: who interrupts it was too late. */
  private void await(Duration max) {
    try {
      time.await(changed, Deadline.after(max, time));
    } catch (InterruptedException e) {
      changed.signalAll();
    }
  }
}
