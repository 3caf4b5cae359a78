package dev.ashlar.messaging.log;

import dev.ashlar.messaging.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * One partition as a state machine that is told the time. Numbers are given at the append, also to
 * records of transactions that are not committed yet, so they are committed in another order than
 * numbered. What is read ends before the first record that is still undecided, the horizon:
 *
 *     1   2   3   4   5   6   7
 *     v   v   -   v   ?   v   v        v visible    - rolled back    ? undecided
 *     +---------------+ horizon
 *         readable      held back
 *
 * A reader that went past the horizon by position would never come back for 5. Waiting there loses
 * nothing and lasts no longer than a transaction may be open.
 */

/** The records of one partition of a log in memory. */
final class MemoryPartition {

  final String id;
  final Set<String> parents;
  final Set<String> children = new LinkedHashSet<>();

  /** The hashes of keys that come here: from, inclusive, to, exclusive. */
  final long hashFrom;

  final long hashTo;

  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private final TreeSet<Long> undecided = new TreeSet<>();
  private boolean open = true;
  private long numbers;
  private long lastTrimmed;
  private long bytes;
  private Instant lastStamp = Instant.MIN;

  MemoryPartition(String id, Set<String> parents, long hashFrom, long hashTo) {
    this.id = id;
    this.parents = Set.copyOf(parents);
    this.hashFrom = hashFrom;
    this.hashTo = hashTo;
  }

  boolean isOpen() {
    return open;
  }

  void close(Set<String> into) {
    open = false;
    children.addAll(into);
  }

  Partition picture() {
    return new Partition(id, parents, open);
  }

  /** Makes room by forgetting the oldest, and returns whether there is room then. */
  boolean hasRoomFor(Message message, LogOptions options, long nowNanos) {
    trim(options.retention(), options.retentionBytes() - cost(message), nowNanos);
    return bytes + cost(message) <= options.retentionBytes();
  }

  private static long cost(Message message) {
    return LogOptions.RECORD_BYTES + (long) message.payload().size();
  }

  /** Appends; the record can be read at once, or once it is decided. */
  long append(Message message, boolean decided, long nowNanos, Instant wall) {
    long number = ++numbers;
    lastStamp = wall.isBefore(lastStamp) ? lastStamp : wall;
    entries.put(number, new Entry(number, message, lastStamp, nowNanos));
    bytes += cost(message);
    if (!decided) {
      undecided.add(number);
    }
    return number;
  }

  void decide(long number, boolean committed) {
    undecided.remove(number);
    if (!committed) {
      Entry gone = entries.remove(number);
      if (gone != null) {
        bytes -= cost(gone.message);
      }
    }
  }

  /** Forgets what is too old or too much, never what is undecided or stands behind it. */
  void trim(Duration age, long bytesMax, long nowNanos) {
    while (!entries.isEmpty()) {
      Entry first = entries.firstEntry().getValue();
      boolean old = nowNanos - first.nanos >= age.toNanos();
      if (first.number >= horizon() || (!old && bytes <= bytesMax)) {
        return;
      }
      entries.pollFirstEntry();
      bytes -= cost(first.message);
      lastTrimmed = first.number;
    }
  }

  /** Returns the first number that cannot be read. */
  private long horizon() {
    return undecided.isEmpty() ? Long.MAX_VALUE : undecided.first();
  }

  /** Returns what reading behind a number finds; empty if there is nothing to tell yet. */
  Optional<ReadResult> read(long after, int most) {
    if (after < lastTrimmed) {
      Optional<Position> last = after == 0 ? Optional.empty() : Optional.of(position(after));
      Optional<Position> earliest =
          entries.isEmpty() ? Optional.empty() : Optional.of(position(entries.firstKey()));
      return Optional.of(new ReadResult.PositionLost(last, earliest));
    }
    List<LogRecord> records = new ArrayList<>();
    for (Entry entry : behind(after)) {
      if (entry.number >= horizon() || records.size() == most) {
        break;
      }
      records.add(new LogRecord(position(entry.number), entry.message, entry.at));
    }
    if (!records.isEmpty()) {
      return Optional.of(new ReadResult.Records(records));
    }
    return hasEndedAfter(after) ? Optional.of(new ReadResult.Ended(children)) : Optional.empty();
  }

  private Iterable<Entry> behind(long after) {
    return entries.tailMap(after, false).values();
  }

  boolean hasEndedAfter(long after) {
    return !open && after >= lastTrimmed && entries.higherKey(after) == null;
  }

  Position position(long number) {
    return Position.of(id, number);
  }

  /** Returns the number behind which a reading begins. */
  long startOf(StartAt start) {
    if (start instanceof StartAt.After after) {
      return numberOf(after.position());
    }
    if (start instanceof StartAt.Behind behind) {
      return behind.in(id).map(this::numberOf).orElse(0L);
    }
    if (start instanceof StartAt.End) {
      return Math.min(numbers, horizon() - 1);
    }
    if (start instanceof StartAt.Since since) {
      for (Map.Entry<Long, Entry> each : entries.entrySet()) {
        if (!each.getValue().at.isBefore(since.moment())) {
          return each.getKey() - 1;
        }
      }
      return numbers;
    }
    return lastTrimmed;
  }

  /** Reads a position of this partition. */
  long numberOf(Position position) {
    if (!position.partition().equals(id) || position.token().length() > 18) {
      throw new IllegalArgumentException(
          "position: " + position + " (expected: of partition " + id + ")");
    }
    return Long.parseLong(position.token());
  }

  /** Returns the last position that can be read now, or could be before it was trimmed. */
  Optional<Position> end() {
    Long last = entries.lowerKey(horizon());
    long number = last == null ? lastTrimmed : last;
    return number == 0 ? Optional.empty() : Optional.of(position(number));
  }

  Lag lag(long committed, Duration heldBack, long nowNanos) {
    long count = 0;
    Duration behind = Duration.ZERO;
    for (Entry entry : behind(committed)) {
      if (!undecided.contains(entry.number)) {
        behind = count == 0 ? Duration.ofNanos(nowNanos - entry.nanos) : behind;
        count++;
      }
    }
    return new Lag(id, OptionalLong.of(count), behind, heldBack);
  }

  /** A record, and when it came by both clocks. */
  private record Entry(long number, Message message, Instant at, long nanos) {}
}
