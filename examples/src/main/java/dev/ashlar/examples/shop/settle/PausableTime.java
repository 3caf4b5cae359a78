package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * The clocks of a process that can stand still, as in a collector's long pause or on a suspended
 * virtual machine: they go on, and whoever wakes up from a wait meanwhile goes on only when the
 * process does.
 *
 * <p><b>Threads.</b> Safe.
 */
final class PausableTime implements TimeSource {

  private final TimeSource time;
  private volatile Deadline pausedUntil;

  PausableTime(TimeSource time) {
    this.time = time;
    this.pausedUntil = Deadline.after(Duration.ZERO, time);
  }

  /** Stops the process of the calling thread for a while, and this thread with it. */
  void pause(Duration length) throws InterruptedException {
    pausedUntil = Deadline.after(length, time);
    passOn();
  }

  private void passOn() throws InterruptedException {
    Deadline until = pausedUntil;
    while (!until.hasExpired()) {
      time.sleep(until.remaining());
      until = pausedUntil;
    }
  }

  @Override
  public long nanos() {
    return time.nanos();
  }

  @Override
  public Instant wallTime() {
    return time.wallTime();
  }

  @Override
  public void sleep(Duration length) throws InterruptedException {
    time.sleep(length);
    passOn();
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    boolean told = time.await(condition, deadline);
    passOn();
    return told;
  }

  @Override
  public Timer after(Duration length, Runnable task) {
    return time.after(length, () -> runOnceAwake(task));
  }

  private void runOnceAwake(Runnable task) {
    Duration left = pausedUntil.remaining();
    if (left.isZero()) {
      task.run();
    } else {
      Timer unused = time.after(left, () -> runOnceAwake(task));
    }
  }
}
