package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Clocks with which every sleep takes twice its time. */
record SlowSleep(TimeSource sound) implements TimeSource {

  @Override
  public long nanos() {
    return sound.nanos();
  }

  @Override
  public Instant wallTime() {
    return sound.wallTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    sound.sleep(duration.multipliedBy(2));
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    return sound.await(condition, deadline);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return sound.after(delay, task);
  }
}
