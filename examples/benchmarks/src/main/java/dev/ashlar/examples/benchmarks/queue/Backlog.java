package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps producers from running ahead of consumers, in the same way for every peer. */
final class Backlog {

  private final long most;
  private final TimeSource time;
  private final AtomicLong waiting = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition less = lock.newCondition();

  private final AtomicInteger waiters = new AtomicInteger();

  Backlog(long most, TimeSource time) {
    this.most = most;
    this.time = time;
  }

  /** Waits until so many more do not exceed the most; producers together may by one turn each. */
  void add(int count, Deadline deadline) throws InterruptedException, TimeoutException {
    if (waiting.get() + count > most) {
      awaitLess(count, deadline);
    }
    waiting.addAndGet(count);
  }

  private void awaitLess(int count, Deadline deadline)
      throws InterruptedException, TimeoutException {
    lock.lockInterruptibly();
    waiters.incrementAndGet();
    try {
      while (waiting.get() + count > most) {
        if (!time.await(less, deadline)) {
          throw new TimeoutException("no consumer in time");
        }
      }
    } finally {
      waiters.decrementAndGet();
      lock.unlock();
    }
  }

  void remove(int count) {
    waiting.addAndGet(-count);
    // Who begins to wait after this looks at the number once more.
    if (waiters.get() > 0) {
      lock.lock();
      try {
        less.signal();
      } finally {
        lock.unlock();
      }
    }
  }
}
