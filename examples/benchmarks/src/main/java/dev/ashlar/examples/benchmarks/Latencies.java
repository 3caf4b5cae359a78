package dev.ashlar.examples.benchmarks;

/**
 * Counts of latencies in buckets that are at most one thirty-second wide, for one thread at a time;
 * a run keeps one per thread and adds them up.
 */
public final class Latencies {

  private static final int MANTISSA_BITS = 5;
  private static final int BUCKETS = (Long.SIZE - MANTISSA_BITS) << MANTISSA_BITS;

  private final long[] counts = new long[BUCKETS];
  private long count;

  /** Counts one. */
  public void add(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    count++;
  }

  /** Counts all of the other. */
  public void addAll(Latencies other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
  }

  /** Returns how many were counted. */
  public long count() {
    return count;
  }

  /**
   * Returns what the given part of them did not exceed, in microseconds, by the lower bound of the
   * bucket; zero when none was counted.
   */
  public double micros(double part) {
    long rank = (long) Math.ceil(part * count);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return lowerBound(i) / 1000.0;
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - MANTISSA_BITS - 1);
    return (shift << MANTISSA_BITS) + (int) (nanos >>> shift);
  }

  private static long lowerBound(int bucket) {
    int shift = Math.max(0, (bucket >>> MANTISSA_BITS) - 1);
    return (bucket - ((long) shift << MANTISSA_BITS)) << shift;
  }
}
