package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Does not pass; who waits, waits until it is woken. */
final class StillTime implements TimeSource {

  @Override
  public long nanos() {
    return 0;
  }

  @Override
  public Instant wallTime() {
    return Instant.EPOCH;
  }

  @Override
  public void sleep(Duration duration) {
    throw new UnsupportedOperationException("sleep: time stands still");
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's, who knows what it waits for.
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    condition.await();
    return true;
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    throw new UnsupportedOperationException("after: time stands still");
  }
}
