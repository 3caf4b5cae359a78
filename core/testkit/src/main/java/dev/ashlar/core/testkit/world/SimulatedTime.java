package dev.ashlar.core.testkit.world;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Clocks of a world in which nobody can wait. */
record SimulatedTime(LongSupplier elapsed, Supplier<Instant> wall, Alarms alarms)
    implements TimeSource {

  @Override
  public long nanos() {
    return elapsed.getAsLong();
  }

  @Override
  public Instant wallTime() {
    return wall.get();
  }

  @Override
  public void sleep(Duration duration) {
    throw new UnsupportedOperationException(
        "sleep: one thread for the whole world (expected: a timer)");
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) {
    throw new UnsupportedOperationException(
        "await: one thread for the whole world (expected: a timer)");
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return alarms.after(delay, task);
  }

  /** Sets timers. */
  @FunctionalInterface
  interface Alarms {
    Timer after(Duration delay, Runnable task);
  }
}
