package dev.ashlar.messaging.testkit.history;

/**
 * From when to when a call lasted, by a counter that all threads of a test share.
 *
 * <p>What a call did happened at some moment within its span, nobody knows which. So two calls have
 * an order only if one ended before the other began.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param began read before the call
 * @param ended read after it
 */
public record Span(long began, long ended) {

  /** Checks the order. */
  public Span {
    if (ended < began) {
      throw new IllegalArgumentException("ended: " + ended + " (expected: at least " + began + ")");
    }
  }

  /** Returns whether this call was over before the other one began. */
  public boolean isBefore(Span other) {
    return ended < other.began;
  }
}
