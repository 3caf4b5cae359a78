package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all connections of one service hang on, to be cut at once, as if its process had died.
 *
 * <p>H2 does nothing when a connection is aborted, so {@link Connections} abort themselves: once
 * the line is cut no statement starts and nothing commits, what was begun is rolled back, and
 * whoever asks for another connection is told that it is dead.
 *
 * <p><b>Threads.</b> Safe.
 */
final class Lifeline {

  private final String service;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int lent;
  private volatile boolean cut;

  Lifeline(String service, TimeSource time) {
    this.service = service;
    this.time = time;
  }

  /** Returns the clocks that waits for connections live by. */
  TimeSource time() {
    return time;
  }

  /** Cuts all connections. */
  void cut() {
    cut = true;
  }

  boolean isCut() {
    return cut;
  }

  /** Lets only the living pass. */
  void requireAlive() {
    if (cut) {
      throw new ServiceDied(service);
    }
  }

  /** Lets only connections pass that are not aborted. */
  void requireConnected() throws SQLException {
    if (cut) {
      throw new SQLNonTransientConnectionException(
          "connection of " + service + " aborted", "08006");
    }
  }

  /** Notes that a connection was lent, or given back. */
  void count(int change) {
    lock.lock();
    try {
      lent += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the last thread has let go of its connection. */
  boolean awaitAllGivenBack(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (lent > 0 && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      return lent == 0;
    } finally {
      lock.unlock();
    }
  }
}
