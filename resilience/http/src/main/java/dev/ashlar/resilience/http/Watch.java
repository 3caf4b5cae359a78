package dev.ashlar.resilience.http;

import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/*
 * The JDK's server reads and writes in our thread, over a channel that an interrupt closes. So a peer
 * that sends a byte a minute, or takes no answer, loses its connection, and the thread is free again. The JDK's client does the same
 * while it waits for an answer.
 */

/** Interrupts one thread when a phase of its exchange takes too long. */
final class Watch {

  private final ReentrantLock lock = new ReentrantLock();
  private final TimeSource time;
  private final Thread thread;
  private TimeSource.Timer timer = () -> false;
  private long phase;
  private boolean fired;

  Watch(TimeSource time, Thread thread) {
    this.time = time;
    this.thread = thread;
  }

  /** Begins a phase; the one before is over. */
  void begin(Duration max) {
    lock.lock();
    try {
      pause();
      long begun = phase;
      timer = time.after(max, () -> fire(begun));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the phase. */
  void pause() {
    lock.lock();
    try {
      timer.cancel();
      phase++;
    } finally {
      lock.unlock();
    }
  }

  private void fire(long begun) {
    lock.lock();
    try {
      // An interrupt that is there already is somebody else's, and is to come out.
      if (phase == begun && !thread.isInterrupted()) {
        fired = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the exchange, in the watched thread, and takes back an interrupt that came from here. */
  boolean end() {
    lock.lock();
    try {
      pause();
      boolean was = fired;
      fired = false;
      if (was) {
        boolean unused = Thread.interrupted();
      }
      return was;
    } finally {
      lock.unlock();
    }
  }
}
