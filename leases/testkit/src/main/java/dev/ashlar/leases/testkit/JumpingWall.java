package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Another source's clocks, except for a wall clock that a test sets. */
final class JumpingWall implements TimeSource {

  private final TimeSource inner;
  private volatile Duration offset = Duration.ZERO;

  JumpingWall(TimeSource inner) {
    this.inner = inner;
  }

  void set(Duration changed) {
    offset = changed;
  }

  @Override
  public long nanos() {
    return inner.nanos();
  }

  @Override
  public Instant wallTime() {
    return inner.wallTime().plus(offset);
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    inner.sleep(duration);
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    return inner.await(condition, deadline);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return inner.after(delay, task);
  }
}
