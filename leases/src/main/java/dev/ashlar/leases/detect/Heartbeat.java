package dev.ashlar.leases.detect;

/**
 * The number of a heartbeat: what makes a copy, a late one and one of a former life recognisable.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param incarnation larger with each start of the process: a counter on disk, the token of a
 *     lease, or the wall clock at start where that does not go back further than a restart takes
 * @param sequence counts from 1 within one life
 */
public record Heartbeat(long incarnation, long sequence) {

  /** Checks the parts. */
  public Heartbeat {
    if (incarnation < 0) {
      throw new IllegalArgumentException("incarnation: " + incarnation + " (expected: >= 0)");
    }
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence: " + sequence + " (expected: >= 1)");
    }
  }

  /** Returns the first heartbeat of a life. */
  public static Heartbeat first(long incarnation) {
    return new Heartbeat(incarnation, 1);
  }

  /** Returns the one that follows. */
  public Heartbeat next() {
    return new Heartbeat(incarnation, sequence + 1);
  }

  /** Returns whether this one was made after another of the same node. */
  public boolean isAfter(Heartbeat other) {
    return incarnation > other.incarnation
        || (incarnation == other.incarnation && sequence > other.sequence);
  }
}
