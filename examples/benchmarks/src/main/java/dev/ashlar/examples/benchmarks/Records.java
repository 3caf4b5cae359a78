package dev.ashlar.examples.benchmarks;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Records of one size: a number, and bytes that do not compress and are the same in all. */
public final class Records {

  /** Of the pattern; any would do. */
  private static final long SEED = 42;

  private static final int PRODUCER_SHIFT = 40;

  private final byte[] pattern;

  /** Makes them, each so long. */
  public Records(int sizeBytes) {
    pattern = new byte[sizeBytes];
    new SplittableRandom(SEED).nextBytes(pattern);
  }

  /** The number of a producer's n-th record. */
  public static long number(int producer, long n) {
    return ((long) producer << PRODUCER_SHIFT) + n;
  }

  /** Returns a new array that holds the record of a number. */
  public byte[] make(long number) {
    byte[] record = pattern.clone();
    ByteBuffer.wrap(record).putLong(number);
    return record;
  }

  /** Counts a record that was read. */
  public void count(ByteBuffer record, Tally tally) {
    if (record.remaining() != pattern.length) {
      throw new IllegalStateException(
          "record: " + record.remaining() + " bytes (expected: " + pattern.length + ")");
    }
    tally.add(record.getLong(record.position()));
  }

  /** Counts a record that was read after looking at every byte of it. */
  public void check(ByteBuffer record, Tally tally) {
    count(record, tally);
    ByteBuffer rest = record.slice(record.position() + Long.BYTES, pattern.length - Long.BYTES);
    if (!rest.equals(ByteBuffer.wrap(pattern, Long.BYTES, pattern.length - Long.BYTES))) {
      throw new IllegalStateException("record: not as it was appended");
    }
  }
}
