package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Another source's clocks, seen by a machine whose elapsed clock is slower than it may be. */
final class SlowTime implements TimeSource {

  private final TimeSource inner;
  private final int times;
  private final long origin;

  /**
   * Makes slow clocks.
   *
   * @param times how many times slower
   */
  SlowTime(TimeSource inner, int times) {
    this.inner = inner;
    this.times = times;
    this.origin = inner.nanos();
  }

  @Override
  public long nanos() {
    return (inner.nanos() - origin) / times;
  }

  @Override
  public Instant wallTime() {
    return inner.wallTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    inner.sleep(duration.multipliedBy(times));
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    Duration left = deadline.remaining();
    return inner.await(condition, Deadline.after(left.multipliedBy(times), inner));
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return inner.after(delay.multipliedBy(times), task);
  }
}
