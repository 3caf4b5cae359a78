package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Where reading begins. It is looked up once, when the reading starts.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface StartAt {

  /** The oldest record that retention has left. */
  record Beginning() implements StartAt {}

  /** Behind the last record: only what is appended from now on. */
  record End() implements StartAt {}

  /**
   * Behind a position, whether or not there is a record at it.
   *
   * @param position often the last one that was handled
   */
  record After(Position position) implements StartAt {

    /** Checks the part. */
    public After {
      requireNonNull(position, "position");
    }
  }

  /**
   * The first record that was appended at a moment or later; the end, if there is none yet.
   *
   * @param moment by the log's wall clock, which may have jumped
   */
  record Since(Instant moment) implements StartAt {

    /** Checks the part. */
    public Since {
      requireNonNull(moment, "moment");
    }
  }

  /** Returns the start at what is oldest. */
  static StartAt beginning() {
    return new Beginning();
  }

  /** Returns the start at what is yet to come. */
  static StartAt end() {
    return new End();
  }
}
