package dev.ashlar.examples.benchmarks;

/** What one thread has done in a window, or several together. */
public final class Measured {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Window window;
  private final Latencies latencies = new Latencies();
  private final Tally acknowledged = new Tally();
  private long counted;
  private long lastNanos;
  private long allocatedBefore;
  private long allocated;

  /** Nothing yet. */
  public Measured(Window window) {
    this.window = window;
    this.lastNanos = window.fromNanos();
  }

  /** Returns what was acknowledged, inside the window and outside. */
  public Tally acknowledged() {
    return acknowledged;
  }

  /** Returns how long single calls of the window took. */
  public Latencies latencies() {
    return latencies;
  }

  /**
   * Counts some that the calling thread, always the same, ended at a moment; {@code true} once it
   * is enough.
   */
  public boolean isEnough(long nanos, long more) {
    boolean over = window.isOver(nanos);
    if (!over && window.counts(nanos)) {
      if (counted == 0) {
        allocatedBefore = Allocation.ofThisThread();
      }
      counted += more;
      lastNanos = nanos;
    }
    boolean enough = over || counted >= window.countMost();
    if (enough && counted > 0) {
      allocated = Allocation.ofThisThread() - allocatedBefore;
    }
    return enough;
  }

  /** Adds what another thread has done, which has ended. */
  public void addAll(Measured other) {
    latencies.addAll(other.latencies);
    acknowledged.addAll(other.acknowledged);
    counted += other.counted;
    allocated += other.allocated;
    lastNanos = lastNanos - other.lastNanos < 0 ? other.lastNanos : lastNanos;
  }

  /** Returns the rate in the window. */
  public double perSecond() {
    if (counted == 0) {
      throw new IllegalStateException("counted: 0 (expected: something done in the window)");
    }
    return counted * NANOS_PER_SECOND / (lastNanos - window.fromNanos());
  }

  /**
   * Returns the bytes that were allocated for each that was counted, by the threads that were
   * measured and by others.
   *
   * @param byOthers bytes
   */
  public double allocatedForEach(long byOthers) {
    return (double) (allocated + byOthers) / Math.max(1, counted);
  }
}
