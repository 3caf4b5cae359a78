package dev.ashlar.leases.world;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Measures with the wall clock, as nobody should, but as a database does. */
record WallTime(TimeSource inner) implements TimeSource {

  @Override
  public long nanos() {
    Instant now = inner.wallTime();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public Instant wallTime() {
    return inner.wallTime();
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
