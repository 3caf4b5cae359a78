package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * A reader that keeps up finds all it wants in the tail. One that is behind is told by the index
 * where its next record may be, and looks there: in the chunk that another reader brought, or on the
 * disk. No lock is held meanwhile. What retention removes is first out of the index and then out of
 * the journal, so whoever finds something missing in the journal asks the index again and is told.
 */
/** Reading a log on disk, without waiting for what is not there yet. */
final class LogReads {

  private final LogState state;
  private final LogChunks chunks;

  LogReads(LogState state, LogChunks chunks) {
    this.state = state;
    this.chunks = chunks;
  }

  /**
   * What reading found.
   *
   * @param place where to go on
   */
  record Read(ReadResult result, LogPlace place) {}

  /**
   * What the view says about reading on.
   *
   * @param inTail whether all that is to be read is in the tail
   * @param tail where to read on there
   * @param next where there may be something; -1 if nowhere
   * @param until what the view knows of
   */
  private record Look(
      boolean lost, boolean inTail, Optional<LogChunk> tail, long next, long until) {}

  static void checkMost(int most) {
    if (most < 1 || most > EventLog.BATCH_MAX) {
      throw new IllegalArgumentException(
          "most: " + most + " (expected: 1 to " + EventLog.BATCH_MAX + ")");
    }
  }

  /** Returns whether there is something to tell a reader at a place. */
  boolean hasNews(int partition, LogPlace place) {
    return state.locked(
        view ->
            view.blocks.beginning(partition).number() > place.number()
                || view.blocks.next(partition, place.number()) >= 0);
  }

  /** Returns what reading on finds; empty if there is nothing to tell yet. */
  Optional<Read> read(int partition, LogPlace place, int most) {
    List<LogRecord> found = new ArrayList<>();
    long after = place.number();
    while (found.size() < most) {
      Look look = look(partition, place, after);
      if (look.lost && found.isEmpty()) {
        return Optional.of(new Read(lost(partition, place), place));
      }
      if (look.next < 0 || !(look.inTail || found.isEmpty())) {
        // Nothing is left, or only on the disk: the next call looks there.
        break;
      }
      LogChunk chunk = look.tail.orElseGet(() -> chunks.holding(look.next, look.until));
      if (look.inTail || chunk.first() <= look.next) {
        chunk.readInto(found, partition, after, most);
        after = chunk.end() - 1;
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found(found, partition, place));
  }

  private Look look(int partition, LogPlace place, long after) {
    return state.locked(
        view -> {
          boolean inTail = view.tail.holds(partition, after);
          return new Look(
              view.blocks.beginning(partition).number() > place.number(),
              inTail,
              inTail ? view.tail.behind(after) : Optional.empty(),
              view.blocks.next(partition, after),
              view.applied());
        });
  }

  /** A place whose ordinal nobody knew has one again where the partition ends. */
  private Read found(List<LogRecord> records, int partition, LogPlace place) {
    LogPlace reached =
        new LogPlace(
            number(records.get(records.size() - 1).position()),
            place.ordinal() == LogPlace.UNKNOWN
                ? LogPlace.UNKNOWN
                : place.ordinal() + records.size());
    LogPlace end = state.locked(view -> view.blocks.end(partition));
    return new Read(
        new ReadResult.Records(records),
        end.number() == reached.number() ? reached.orLater(end) : reached);
  }

  private ReadResult lost(int partition, LogPlace place) {
    Optional<Position> last =
        place.number() == 0
            ? Optional.empty()
            : Optional.of(Position.of(LogFormat.id(partition), place.number()));
    return new ReadResult.PositionLost(last, first(partition).map(each -> each.position()));
  }

  /** Returns the oldest record that is left. */
  private Optional<LogRecord> first(int partition) {
    return next(partition, state.locked(view -> view.blocks.beginning(partition)));
  }

  /** Returns the record behind a place, or behind what retention has removed since. */
  Optional<LogRecord> next(int partition, LogPlace place) {
    LogPlace beginning = state.locked(view -> view.blocks.beginning(partition));
    return read(partition, place.orLater(beginning), 1)
        .flatMap(
            read ->
                read.result() instanceof ReadResult.Records records
                    ? Optional.of(records.records().get(0))
                    : first(partition));
  }

  static long number(Position position) {
    return position.number();
  }

  /** Reads a position of a partition. */
  static long numberOf(int partition, Position position) {
    boolean ours = position.partition().equals(LogFormat.id(partition));
    if (!ours || position.token().length() > 18) {
      throw new IllegalArgumentException(
          "position: " + position + " (expected: of partition " + partition + ")");
    }
    return number(position);
  }

  /** Returns the place behind which a reading begins. */
  LogPlace locate(int partition, StartAt start) {
    if (start instanceof StartAt.After after) {
      return LogPlace.behind(numberOf(partition, after.position()));
    }
    if (start instanceof StartAt.Behind behind) {
      return behind
          .in(LogFormat.id(partition))
          .map(position -> LogPlace.behind(numberOf(partition, position)))
          .orElse(LogPlace.BEGINNING);
    }
    if (start instanceof StartAt.Since since) {
      return since(partition, stamp(since.moment()));
    }
    boolean end = start instanceof StartAt.End;
    return state.locked(
        view -> end ? view.blocks.end(partition) : view.blocks.beginning(partition));
  }

  /** Moments beyond what a stamp can say are before or behind all records. */
  private static long stamp(Instant moment) {
    long most = Long.MAX_VALUE / 1_000_000_000L - 1;
    long seconds = moment.getEpochSecond();
    if (Math.abs(seconds) > most) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return LogFormat.nanosOf(moment);
  }

  private LogPlace since(int partition, long stamp) {
    long at = state.locked(view -> view.blocks.since(stamp));
    while (at >= 0) {
      long from = at;
      Look look = look(partition, LogPlace.behind(Long.MAX_VALUE), from - 1);
      if (look.next < 0) {
        break;
      }
      LogChunk chunk = chunks.holding(look.next, look.until);
      long number = chunk.since(partition, stamp);
      if (number >= 0) {
        return LogPlace.behind(number - 1);
      }
      at = chunk.end();
    }
    return locate(partition, StartAt.end());
  }

  /** Returns how many records of a partition there ever were up to a place. */
  long ordinal(int partition, LogPlace place) {
    if (place.ordinal() != LogPlace.UNKNOWN) {
      return place.ordinal();
    }
    long number = place.number();
    LogPlace floor = state.locked(view -> floor(view, partition, number));
    long until = state.locked(LogView::applied);
    long count = floor.ordinal();
    long at = floor.number() + 1;
    while (at <= number && at < until) {
      LogChunk chunk = chunks.holding(at, until);
      count += chunk.count(partition, at, number);
      at = chunk.end();
    }
    return count;
  }

  private static LogPlace floor(LogView view, int partition, long number) {
    LogPlace end = view.blocks.end(partition);
    LogPlace beginning = view.blocks.beginning(partition);
    if (number >= end.number()) {
      return new LogPlace(number, end.ordinal());
    }
    return number <= beginning.number()
        ? new LogPlace(number, beginning.ordinal())
        : view.blocks.floor(partition, number);
  }
}
