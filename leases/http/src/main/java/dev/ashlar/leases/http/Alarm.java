package dev.ashlar.leases.http;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Interrupts the thread that made it when a deadline comes. The JDK's client has a time limit too,
 * but it ends with the answer's headers, and no test can move its clock.
 */
final class Alarm {

  private final ReentrantLock lock = new ReentrantLock();
  private final Thread thread = Thread.currentThread();
  private final TimeSource.Timer timer;

  // Guarded by the lock.
  private boolean over;
  private boolean rang;

  private Alarm(Deadline deadline) {
    this.timer = deadline.time().after(deadline.remaining(), this::ring);
  }

  static Alarm at(Deadline deadline) {
    return new Alarm(deadline);
  }

  private void ring() {
    lock.lock();
    try {
      // An interrupt that is there already is somebody else's, and is to come out.
      if (!over && !thread.isInterrupted()) {
        rang = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the watch, in the watched thread, and takes its interrupt back. */
  void end() {
    if (hasRung()) {
      boolean unused = Thread.interrupted();
    }
  }

  /**
   * Ends the watch after an interrupt has come out, in the watched thread; returns whether that was
   * the alarm's. If there is another one by now, one of the two is somebody else's.
   */
  boolean endInterrupted() {
    return hasRung() && !Thread.interrupted();
  }

  private boolean hasRung() {
    boolean unused = timer.cancel();
    lock.lock();
    try {
      over = true;
      boolean mine = rang;
      rang = false;
      return mine;
    } finally {
      lock.unlock();
    }
  }
}
