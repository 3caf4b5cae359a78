package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one at a time pass, among all handles of this process.
 *
 * <p>On H2 two claims at the same time find the same rows, and the second waits for the first one's
 * locks only to find nothing, in a way that takes far longer than either. So they queue before they
 * ask. It makes claims fast, not right: between processes, the rows' epochs do that.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> A fixed number for all databases and queues of a process; two that share one by
 * chance wait for each other's claims, a few milliseconds each.
 */
final class Turnstile {

  private static final int COUNT = 64;
  private static final Turnstile[] ALL = new Turnstile[COUNT];

  static {
    for (int i = 0; i < COUNT; i++) {
      ALL[i] = new Turnstile();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition free = lock.newCondition();
  private boolean taken;

  private Turnstile() {}

  /** Returns the one for a queue of a database. */
  static Turnstile of(String database, String queue) {
    return ALL[Math.floorMod(31 * database.hashCode() + queue.hashCode(), COUNT)];
  }

  /** Waits until nobody is inside; {@code false} if the deadline came first. */
  boolean enter(TimeSource time, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (taken) {
        if (!time.await(free, deadline) && taken) {
          return false;
        }
      }
      taken = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      taken = false;
      free.signal();
    } finally {
      lock.unlock();
    }
  }
}
