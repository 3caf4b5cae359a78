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
  private int waiting;

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
      waiting++;
      try {
        return time.await(changed, deadline);
      } finally {
        waiting--;
      }
    } finally {
      lock.unlock();
    }
  }

  void wakeAll() {
    lock.lock();
    try {
      if (waiting > 0) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes one; {@code false} if nobody waits. */
  boolean wakeOne() {
    lock.lock();
    try {
      if (waiting == 0) {
        return false;
      }
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
