package dev.ashlar.examples.house.samples.messaging;

/** Has the right name in the wrong place. */
public final class SystemTime {
  public long nanos() {
    return System.nanoTime();
  }
}
