package dev.ashlar.core;

/**
 * The number of a grant: every later grant of the same right has a greater one.
 *
 * <p>No right can keep a paused process from acting after its time. Send the token with every
 * write, and have whatever stores the write refuse a token smaller than one it has seen.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param value at least 1; gaps are normal
 * @see ExclusiveRight
 */
public record FencingToken(long value) implements Comparable<FencingToken> {

  /** Checks the number. */
  public FencingToken {
    if (value < 1) {
      throw new IllegalArgumentException("value: " + value + " (expected: >= 1)");
    }
  }

  @Override
  public int compareTo(FencingToken other) {
    return Long.compare(value, other.value);
  }
}
