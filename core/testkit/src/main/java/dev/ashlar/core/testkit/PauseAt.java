package dev.ashlar.core.testkit;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds the first thread that comes to a named step until the test lets it go, to stage races and
 * long pauses.
 *
 * <p>The held thread does not notice an interrupt before it is released, as a paused process would
 * not; the interrupt is kept.
 *
 * <p><b>Guarantees.</b> Threads that come to the step after the first are not held.
 *
 * <p><b>Failures.</b> {@link AssertionError} in the held thread if it is not released within {@link
 * #LONGEST}, so that a test that fails early does not hang its build.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class PauseAt implements Observer, AutoCloseable {

  /** The longest pause, in real time: 30 seconds, more than any step of a test takes. */
  public static final Duration LONGEST = Duration.ofSeconds(30);

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean arrived;
  private boolean released;

  private PauseAt(String name) {
    this.name = requireNonNull(name, "name");
  }

  /** Returns an observer that holds the first thread at the step of that name. */
  public static PauseAt named(String name) {
    return new PauseAt(name);
  }

  @Override
  public void step(String step) {
    if (!name.equals(step)) {
      return;
    }
    lock.lock();
    try {
      if (!arrived) {
        arrived = true;
        changed.signalAll();
        hold();
      }
    } finally {
      lock.unlock();
    }
  }

  private void hold() {
    Deadline deadline = Deadline.after(LONGEST, TimeSource.system());
    boolean interrupted = false;
    while (!released) {
      try {
        if (!TimeSource.system().await(changed, deadline) && !released) {
          throw new AssertionError(name + ": not released within " + LONGEST);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits, in real time, until a thread is held, or was.
   *
   * @throws AssertionError if none comes in time
   */
  public void awaitArrival(Duration realTimeout) throws InterruptedException {
    Deadline deadline = Deadline.after(realTimeout, TimeSource.system());
    lock.lock();
    try {
      while (!arrived) {
        if (!TimeSource.system().await(changed, deadline) && !arrived) {
          throw new AssertionError(name + ": nobody came within " + realTimeout);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the held thread go; if none has come yet, none will be held. */
  public void release() {
    lock.lock();
    try {
      released = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Releases, so that a test in a try block leaves no thread behind. */
  @Override
  public void close() {
    release();
  }
}
