package dev.ashlar.resilience;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.concurrent.locks.ReentrantLock;

/*
 * The one way to end work in somebody's thread is to interrupt it. The interrupt must come while the
 * work runs, not a moment later, when it would hit whatever the thread does next; so the timer and the
 * end of the work exclude each other, and an interrupt that was ours is taken back at the end.
 *
 * A thread that somebody else has interrupted already is left alone: that interrupt is to come out.
 */

/** Interrupts the current thread at a deadline, unless its work has ended by then. */
final class Interruption {

  private final ReentrantLock lock = new ReentrantLock();
  private final Thread thread = Thread.currentThread();
  private final TimeSource.Timer timer;
  private boolean ended;
  private boolean fired;

  private Interruption(Deadline deadline) {
    this.timer = deadline.time().after(deadline.remaining(), this::fire);
  }

  /** Starts the watch over the current thread. */
  static Interruption at(Deadline deadline) {
    return new Interruption(deadline);
  }

  private void fire() {
    lock.lock();
    try {
      if (!ended && !thread.isInterrupted()) {
        fired = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the watch, in the watched thread, and takes back an interrupt that came from here.
   *
   * @return whether one did
   */
  boolean end() {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        timer.cancel();
        if (fired) {
          boolean unused = Thread.interrupted();
        }
      }
      return fired;
    } finally {
      lock.unlock();
    }
  }
}
