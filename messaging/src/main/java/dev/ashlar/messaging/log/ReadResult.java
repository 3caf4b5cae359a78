package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What came of reading a partition.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface ReadResult {

  /**
   * Records in order; none if the deadline came first.
   *
   * @param records behind whatever was read before
   */
  record Records(List<LogRecord> records) implements ReadResult {

    /** Copies. */
    public Records {
      records = List.copyOf(records);
    }
  }

  /**
   * Records behind the reader's place are gone: retention has removed what was not read yet.
   * Reading answers this, and moves nowhere, until the reader is sent somewhere else.
   *
   * @param last the last position that was read or committed, if any was
   * @param earliest the oldest record that is left, if there is one
   */
  record PositionLost(Optional<Position> last, Optional<Position> earliest) implements ReadResult {

    /** Checks the parts. */
    public PositionLost {
      requireNonNull(last, "last");
      requireNonNull(earliest, "earliest");
    }
  }

  /**
   * The partition takes no more records, and all of them have been read.
   *
   * @param children where it goes on, to be read from their beginnings
   */
  record Ended(Set<String> children) implements ReadResult {

    /** Copies. */
    public Ended {
      children = Set.copyOf(children);
    }
  }

  /** The group's partition belongs to somebody else by now, or to nobody. */
  record NotOwned() implements ReadResult {}
}
