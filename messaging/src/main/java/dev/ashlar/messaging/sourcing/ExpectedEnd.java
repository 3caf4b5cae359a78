package dev.ashlar.messaging.sourcing;

/**
 * What an append takes the end of its stream to be: how many events there are.
 *
 * <p>Whoever decides upon what a stream says passes the end it has read, so that nobody else's
 * decision in between goes unseen. This is optimistic concurrency control: nothing is locked, and
 * the later of two is told.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface ExpectedEnd {

  /**
   * The stream has exactly so many events.
   *
   * @param end from 0, where the stream does not exist yet
   */
  record Exactly(long end) implements ExpectedEnd {

    /** Checks the number. */
    public Exactly {
      if (end < 0) {
        throw new IllegalArgumentException("end: " + end + " (expected: >= 0)");
      }
    }

    @Override
    public boolean allows(long actual) {
      return actual == end;
    }
  }

  /** The stream may have any number of events: the append decides upon nothing that is in it. */
  record Any() implements ExpectedEnd {

    @Override
    public boolean allows(long actual) {
      return true;
    }
  }

  /** Returns whether an append may come behind so many events. */
  boolean allows(long actual);

  /** Returns the expectation of who makes a new stream: it has no event yet. */
  static ExpectedEnd none() {
    return new Exactly(0);
  }

  /** Returns the expectation of who has read so many events. */
  static ExpectedEnd exactly(long end) {
    return new Exactly(end);
  }

  /** Returns no expectation. */
  static ExpectedEnd any() {
    return new Any();
  }
}
