package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.examples.benchmarks.Latencies;

/** What one thread has done in a window, or several together. */
final class Measured {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Window window;
  private final Latencies latencies = new Latencies();
  private final Tally acknowledged = new Tally();
  private long counted;
  private long lastNanos;

  Measured(Window window) {
    this.window = window;
    this.lastNanos = window.fromNanos();
  }

  Tally acknowledged() {
    return acknowledged;
  }

  Latencies latencies() {
    return latencies;
  }

  /** Counts some that ended at a moment of the window; {@code true} once it is enough. */
  boolean isEnough(long nanos, long more) {
    if (window.isOver(nanos)) {
      return true;
    }
    if (window.counts(nanos)) {
      counted += more;
      lastNanos = nanos;
    }
    return counted >= window.countMost();
  }

  void addAll(Measured other) {
    latencies.addAll(other.latencies);
    acknowledged.addAll(other.acknowledged);
    counted += other.counted;
    lastNanos = lastNanos - other.lastNanos < 0 ? other.lastNanos : lastNanos;
  }

  double perSecond() {
    if (counted == 0) {
      throw new IllegalStateException("counted: 0 (expected: something done in the window)");
    }
    return counted * NANOS_PER_SECOND / (lastNanos - window.fromNanos());
  }
}
