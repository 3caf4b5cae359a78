package dev.ashlar.leases.keep;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LossCause;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The work has a thread of its own, because its caller must come back when the work does not. The
 * caller waits for one of two ends, and looks for the other at each turn:
 *
 *   the work ends       its result counts if the lease is held still
 *   the lease is lost   the work is interrupted, and waited for as long as the options allow
 *
 * The work is a use of the lease, so a release from elsewhere waits for it as for any other.
 */

/** One piece of work under one lease. */
final class Scope<R, X extends Exception> {

  private final Keeping keeping;
  private final KeptLease lease;
  private final Leases.Work<R, X> work;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private boolean ended;
  private boolean heldAtEnd;
  private Optional<Scoped<R>> ran = Optional.empty();
  private @Nullable Throwable failure;

  Scope(Keeping keeping, KeptLease lease, Leases.Work<R, X> work) {
    this.keeping = keeping;
    this.lease = lease;
    this.work = work;
  }

  Scoped<R> run() throws X, InterruptedException {
    Thread thread = start();
    lease.whenLost(cause -> wake());
    try {
      awaitEnd(() -> !lease.stillHeld(), lease::remaining);
      if (!isEnded()) {
        thread.interrupt();
        Deadline drained = Deadline.after(keeping.options().drainMax(), keeping.time());
        awaitEnd(drained::hasExpired, drained::remaining);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    }
    return result();
  }

  private Thread start() {
    Runnable task = this::work;
    Thread thread =
        new Thread(
            CallContext.current().map(context -> context.wrap(task)).orElse(task),
            keeping.threadName("work-" + lease.name().value()));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Whatever the work throws, its caller is told. */
  private void work() {
    Optional<Lease.Use> use = lease.use();
    try {
      if (use.isPresent()) {
        end(Optional.of(new Scoped.Ran<>(work.run(lease))), null);
      }
    } catch (Throwable e) {
      end(Optional.empty(), e);
    } finally {
      use.ifPresent(Lease.Use::close);
      wake();
    }
  }

  private void end(Optional<Scoped<R>> result, @Nullable Throwable thrown) {
    boolean held = lease.stillHeld();
    lock.lock();
    try {
      ended = true;
      heldAtEnd = held;
      ran = result;
      failure = thrown;
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd(BooleanSupplier enough, Supplier<Duration> atMost)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ended && !enough.getAsBoolean()) {
        keeping.time().await(changed, Deadline.after(atMost.get(), keeping.time()));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** The end that came first counts. */
  private Scoped<R> result() throws X, InterruptedException {
    lock.lock();
    try {
      if (!heldAtEnd) {
        LossCause cause = lease.lossCause().orElseThrow(Scope::closed);
        return new Scoped.Lost<>(
            cause,
            ended,
            Optional.ofNullable(failure).filter(one -> !(one instanceof InterruptedException)));
      }
      if (failure != null) {
        throw thrown(failure);
      }
      return ran.orElseThrow(Scope::closed);
    } finally {
      lock.unlock();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("leases: closed (expected: open until the work has ended)");
  }

  /** The work can throw nothing else. */
  @SuppressWarnings("unchecked")
  private X thrown(Throwable failure) throws InterruptedException {
    if (failure instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return (X) failure;
  }
}
