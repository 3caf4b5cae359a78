package dev.ashlar.examples.benchmarks;

/** How many records and which, in whatever order; for one thread. */
public final class Tally {

  private long count;
  private long sum;

  /** Counts one. */
  public void add(long number) {
    count++;
    sum += mix(number);
  }

  /** Counts all of the other. */
  public void addAll(Tally other) {
    count += other.count;
    sum += other.sum;
  }

  /** Returns how many. */
  public long count() {
    return count;
  }

  /** Fails unless the other has the same records; a sum of mixed numbers stands for the set. */
  public void expect(Tally read) {
    if (count != read.count || sum != read.sum) {
      throw new IllegalStateException(
          "records read: " + read.count + " (expected: the " + count + " acknowledged ones)");
    }
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014), so that numbers do not cancel out. */
  private static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
