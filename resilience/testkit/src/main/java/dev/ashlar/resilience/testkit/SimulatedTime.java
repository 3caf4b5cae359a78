package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * Clocks for a simulation in one thread: who sleeps moves them, and everything that falls due on
 * the way happens then, also an interrupt of the sleeper.
 */
final class SimulatedTime implements TimeSource {

  private final ManualTime manual = ManualTime.nearOverflow();

  @Override
  public long nanos() {
    return manual.nanos();
  }

  @Override
  public Instant wallTime() {
    return manual.wallTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Duration left = duration;
    throwIfInterrupted();
    while (!left.isNegative() && !left.isZero()) {
      Duration step = left;
      Duration next = manual.nextMoment().orElse(left);
      if (next.compareTo(left) < 0) {
        step = next;
      }
      manual.advance(step);
      left = left.minus(step);
      throwIfInterrupted();
    }
  }

  private static void throwIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Lets time pass with nobody asleep in it. */
  void pass(Duration duration) {
    manual.advance(duration);
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) {
    throw new UnsupportedOperationException("await: one thread only (expected: sleep)");
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return manual.after(delay, task);
  }

  /** Returns how many timers nobody has cancelled. */
  int timers() {
    return manual.timers();
  }
}
