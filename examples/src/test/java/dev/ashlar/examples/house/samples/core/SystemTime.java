package dev.ashlar.examples.house.samples.core;

import java.security.SecureRandom;

/** Stands where core's own stands, so it may read a clock and draw chance. */
public final class SystemTime implements TimeSource {
  public long nanos() {
    return System.nanoTime();
  }

  public int entropy() {
    return new SecureRandom().nextInt();
  }
}
