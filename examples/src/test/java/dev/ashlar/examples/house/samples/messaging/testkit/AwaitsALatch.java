package dev.ashlar.examples.house.samples.messaging.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a test that would hang. */
public final class AwaitsALatch {
  public boolean pause(CountDownLatch latch) throws InterruptedException {
    return latch.await(1, TimeUnit.SECONDS);
  }
}
