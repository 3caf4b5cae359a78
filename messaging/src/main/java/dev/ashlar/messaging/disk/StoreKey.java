package dev.ashlar.messaging.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Function;

/**
 * What a name is found by in a {@link StoreTrie}: 128 bits of it, so evenly spread that no choice
 * of names makes a path longer than it is by chance.
 */
record StoreKey(long high, long low) {

  /** How many bits there are. */
  static final int BITS = 128;

  /** How names become keys; tests bring one that is bad at it. */
  interface Hash extends Function<String, StoreKey> {}

  /** Returns the first half of a text's SHA-256. */
  static StoreKey of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      ByteBuffer in = ByteBuffer.wrap(digest);
      return new StoreKey(in.getLong(), in.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: in every Java)", e);
    }
  }

  /** Returns the key of a position; those of one stream share their first bits, as numbers do. */
  static StoreKey ofPosition(long position) {
    return new StoreKey(position, 0);
  }

  /** Returns the first bit in which two keys differ, counted from 0; {@link #BITS} if in none. */
  int levelOfDifference(StoreKey other) {
    long difference = high ^ other.high;
    return difference != 0
        ? Long.numberOfLeadingZeros(difference)
        : 64 + Long.numberOfLeadingZeros(low ^ other.low);
  }
}
