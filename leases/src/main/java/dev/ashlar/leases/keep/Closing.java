package dev.ashlar.leases.keep;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Gives many leases back in the time of one, those first under which nothing goes on. */
final class Closing {

  private static final int AT_ONCE = 32;

  private final Renewals renewals;
  private final Deadline drained;
  private final Deadline told;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Deque<KeptLease> left;
  private int underWay;

  Closing(Renewals renewals, List<KeptLease> held, LeaseOptions options, TimeSource time) {
    this.renewals = renewals;
    this.left =
        new ArrayDeque<>(held.stream().sorted(Comparator.comparing(KeptLease::isUsed)).toList());
    this.drained = Deadline.after(options.drainMax(), time);
    this.told = Deadline.after(options.drainMax().plus(options.term().dividedBy(4)), time);
  }

  /** Gives them back, or leaves to their terms what takes too long. */
  void run() throws InterruptedException {
    int others = Math.min(AT_ONCE, left.size()) - 1;
    for (int i = 0; i < others; i++) {
      renewals.run(this::releaseSome);
    }
    releaseSome();
    awaitOthers();
  }

  private void releaseSome() throws InterruptedException {
    for (Optional<KeptLease> next = next(); next.isPresent(); next = next()) {
      try {
        next.get().release(drained, told.remaining());
      } finally {
        ended();
      }
    }
  }

  private Optional<KeptLease> next() {
    lock.lock();
    try {
      Optional<KeptLease> next = Optional.ofNullable(left.poll());
      underWay += next.isPresent() ? 1 : 0;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      underWay--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitOthers() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (underWay > 0 && !told.hasExpired()) {
        told.time().await(changed, told);
      }
    } finally {
      lock.unlock();
    }
  }
}
