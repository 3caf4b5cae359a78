package dev.ashlar.leases.detect;

/** The last gaps between a node's heartbeats, their mean and standard deviation. */
final class Gaps {

  private final long[] nanos;
  private int count;
  private int next;
  private double mean;
  private double stdDev;

  Gaps(int window) {
    this.nanos = new long[window];
  }

  void add(long gapNanos) {
    nanos[next] = gapNanos;
    next = (next + 1) % nanos.length;
    count = Math.min(count + 1, nanos.length);
    // Anew each time, some microseconds a heartbeat: running sums gather what rounding loses.
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += nanos[i];
    }
    mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += (nanos[i] - mean) * (nanos[i] - mean);
    }
    stdDev = Math.sqrt(squares / count);
  }

  double meanNanos() {
    return mean;
  }

  double stdDevNanos() {
    return stdDev;
  }
}
