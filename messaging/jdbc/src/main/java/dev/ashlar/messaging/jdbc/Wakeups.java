package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends the waits of one handle when something was done through the same handle; what others do in
 * the database is seen by looking again.
 *
 * <p><b>Threads.</b> Safe.
 */
final class Wakeups {

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;
  private boolean closed;

  Wakeups(TimeSource time) {
    this.time = time;
  }

  /** Returns a count to hand to {@link #await}, read before looking at the database. */
  long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something has changed since {@code seen}, the handle is closed or time is over. */
  void await(long seen, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (changes == seen && !closed) {
        if (!time.await(changed, deadline)) {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes a change. */
  void wake() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waits, now and later. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
