package dev.ashlar.messaging;

/**
 * What becomes of the messages behind a dead letter of their key.
 *
 * <p>A dead letter is a hole in the order of its key. Whether the messages behind it may be handled
 * without it, only the application knows: prices may, postings of an account may not. Every dead
 * letter counts, whatever it died of, expiry included.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface DeadKey {

  /** They go on without it. */
  record Skip() implements DeadKey {}

  /**
   * They are parked: kept in order, and not delivered, until the dead letter is redriven, which
   * puts it before them again, or discarded.
   *
   * <p>What stands behind a message when it dies is parked, however much that is. While the key is
   * dead, a message of it is accepted only if fewer than {@code parkedMax} are parked; otherwise it
   * is refused as overloaded at once, because a person must act first. So one broken key cannot
   * take the room of all others, and no parked message is ever dropped.
   *
   * @param parkedMax how many messages of one key may be parked before its sends are refused, 0 to
   *     the queue's capacity; with 0 a dead key takes no messages at all
   */
  record Park(int parkedMax) implements DeadKey {

    /** Checks the bound. */
    public Park {
      if (parkedMax < 0) {
        throw new IllegalArgumentException(
            "parkedMax: " + parkedMax + " (expected: 0 to the queue's capacity)");
      }
    }
  }

  /** Returns that they go on without it. */
  static DeadKey skip() {
    return new Skip();
  }

  /** Returns that they are parked, and that sends are refused once that many are. */
  static DeadKey park(int parkedMax) {
    return new Park(parkedMax);
  }

  /** Returns that they are parked, and that the key takes no more messages while it is dead. */
  static DeadKey block() {
    return new Park(0);
  }
}
