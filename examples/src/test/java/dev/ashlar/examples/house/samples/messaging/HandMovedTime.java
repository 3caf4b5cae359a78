package dev.ashlar.examples.house.samples.messaging;

import dev.ashlar.examples.house.samples.core.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** Is a TimeSource, so it may wait. */
public final class HandMovedTime implements TimeSource {
  @SuppressWarnings("WaitNotInLoop")
  public boolean await(Condition condition) throws InterruptedException {
    return condition.await(1, TimeUnit.SECONDS);
  }
}
