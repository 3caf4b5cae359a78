package dev.ashlar.messaging.journal;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/*
 * Why a lock of its own. Those who wait on a condition must take its lock again to go on. If it were
 * the journal's lock, sixty-four who are woken would queue for it together with all who append, be
 * overtaken by them and sleep again. Behind a gate they pass one after the other, each waking the
 * next, and nobody else wants that lock.
 */
/** Where those wait whose records are in one stage. */
final class Gate {

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition open = lock.newCondition();

  Gate(TimeSource time) {
    this.time = time;
  }

  /**
   * Waits until a condition holds, which is looked at after each signal.
   *
   * @return whether it holds
   */
  boolean await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean()) {
        if (!time.await(open, deadline)) {
          return condition.getAsBoolean();
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has one of them look again. */
  void signal() {
    lock.lock();
    try {
      open.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Has all of them look again. */
  void signalAll() {
    lock.lock();
    try {
      open.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
