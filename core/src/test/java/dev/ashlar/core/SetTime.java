package dev.ashlar.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * Clocks that a test sets; nobody can wait on them. The test kit's clocks can do more, and need
 * this module.
 */
final class SetTime implements TimeSource {

  long nanos;
  Instant wall = Instant.ofEpochMilli(1_800_000_000_000L);

  SetTime(long nanos) {
    this.nanos = nanos;
  }

  void advance(Duration by) {
    nanos += by.toNanos();
    wall = wall.plus(by);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant wallTime() {
    return wall;
  }

  @Override
  public void sleep(Duration duration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    throw new UnsupportedOperationException();
  }
}
