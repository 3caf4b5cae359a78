package dev.ashlar.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * The only way in which Ashlar's code reads a clock or waits.
 *
 * <p>Elapsed time and wall time are two clocks on purpose: every duration, timeout and deadline
 * uses {@link #nanos()}, which never goes back; {@link #wallTime()} may jump in both directions and
 * only stamps data that leaves the process.
 *
 * <p><b>Guarantees.</b> {@link #nanos()} never decreases as seen by one thread, and between threads
 * that synchronize with each other. A task given to {@link #after} runs at most once, and not after
 * {@link Timer#cancel()} answered {@code true}.
 *
 * <p><b>Not guaranteed.</b> That a wait ends in time: a paused process wakes up late, so whoever
 * waited looks at the clock again. Nor that the elapsed clock counts while the machine is
 * suspended; on Linux it does not (CLOCK_MONOTONIC).
 *
 * <p><b>Failures.</b> {@link InterruptedException} from the methods that block.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface TimeSource {

  /**
   * Returns the elapsed time since some arbitrary moment, in nanoseconds; compare by difference.
   */
  long nanos();

  /** Returns the wall clock's time. It may jump; never subtract two of them to measure. */
  Instant wallTime();

  /**
   * Waits.
   *
   * @param duration how long; zero or less returns at once
   * @throws InterruptedException if interrupted before or while waiting
   */
  void sleep(Duration duration) throws InterruptedException;

  /**
   * Waits on a condition whose lock the caller holds, until it is signalled or the deadline comes.
   *
   * <p>Like any wait on a condition it may also return without cause, so it stands in a loop that
   * looks at the state it waits for.
   *
   * @return {@code false} if the deadline came first
   * @throws InterruptedException if interrupted before or while waiting
   */
  boolean await(Condition condition, Deadline deadline) throws InterruptedException;

  /**
   * Runs a task once, later, in a thread shared by all timers of this source.
   *
   * @param delay from now; zero or less means as soon as possible
   * @param task short, and never blocking: it delays every other timer
   */
  Timer after(Duration delay, Runnable task);

  /** Returns the clocks of this machine. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /** A task that waits for its moment. */
  @FunctionalInterface
  interface Timer {

    /**
     * Calls the task off.
     *
     * @return {@code true} if it has not started and will not
     */
    boolean cancel();
  }
}
