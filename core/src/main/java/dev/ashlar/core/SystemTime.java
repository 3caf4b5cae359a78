package dev.ashlar.core;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * The machine: the one class that reads its clocks, sleeps, owns a timer thread or asks for chance.
 */
enum SystemTime implements TimeSource {
  INSTANCE;

  static IdSource ids() {
    return Ids.SOURCE;
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return Instant.now();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    long nanos = saturatedNanos(duration);
    if (nanos > 0) {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** The loop that every wait on a condition needs is the caller's: only it knows the state. */
  @Override
  @SuppressWarnings("WaitNotInLoop")
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    return condition.awaitNanos(deadline.remainingNanos()) > 0;
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Future<?> future =
        Timers.THREAD.schedule(
            () -> runQuietly(task), Math.max(0, saturatedNanos(delay)), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  /**
   * A failing task must not stay unseen: the executor would keep it in a future nobody reads, so it
   * goes where a failing thread's exception goes.
   */
  private static void runQuietly(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** Durations beyond 292 years do not fit into nanoseconds; nobody waits that long. */
  static long saturatedNanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** Two draws in a millisecond at most, so the slowness of the system's entropy does not show. */
  private static final class Ids {
    static final IdSource SOURCE = IdSource.of(INSTANCE, new SecureRandom());
  }

  /** Made on the first use of a timer, so that programs without timers have no extra thread. */
  private static final class Timers {
    static final ScheduledThreadPoolExecutor THREAD = start();

    private static ScheduledThreadPoolExecutor start() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "ashlar-timer");
                thread.setDaemon(true);
                return thread;
              });
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }
}
