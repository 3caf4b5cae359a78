package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /**
   * Behind a position in each of some partitions, and at the beginnings of the others, as they were
   * before retention removed anything.
   *
   * @param positions at most one of each partition
   */
  record Behind(List<Position> positions) implements StartAt {

    /** Checks and copies. */
    public Behind {
      positions = List.copyOf(positions);
      long partitions = positions.stream().map(Position::partition).distinct().count();
      if (partitions < positions.size()) {
        throw new IllegalArgumentException(
            "positions: "
                + positions.stream().map(Position::toString).collect(Collectors.joining(", "))
                + " (expected: of different partitions)");
      }
    }

    /** Returns the position behind which one partition is read, if there is one. */
    public Optional<Position> in(String partition) {
      return positions.stream().filter(each -> each.partition().equals(partition)).findFirst();
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

  /**
   * Returns the start behind what a snapshot holds.
   *
   * @param positions often what {@link EventLog#ends} said when the snapshot was begun
   */
  static StartAt behind(List<Position> positions) {
    return new Behind(positions);
  }

  /** Returns the start behind one position, in its partition only: elsewhere at the beginning. */
  static StartAt behind(Position position) {
    return new Behind(List.of(position));
  }
}
