package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where some of the threads wait that wait for one group, so that few meet at one lock. */
final class Lane {

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  Lane(TimeSource time) {
    this.time = time;
  }

  /** What a thread waits for. */
  @FunctionalInterface
  interface Until {

    /** Whether it has come; asked under the lane's lock. */
    boolean holds();
  }

  /** Waits, once; {@code false} if the deadline came. */
  boolean await(Until until, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (until.holds()) {
        return true;
      }
      return time.await(changed, deadline);
    } finally {
      lock.unlock();
    }
  }

  void wakeAll() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes one; {@code false} if nobody waits who was not woken before. */
  boolean wakeOne() {
    lock.lock();
    try {
      if (!lock.hasWaiters(changed)) {
        return false;
      }
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
