package dev.ashlar.messaging.log;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * Records are begun in order and end in any order. What may be committed is the end of the contiguous
 * prefix, here 3: committing 5 would lose 4 if the process died.
 *
 *     1 ended   2 ended   3 ended   4 running   5 ended   6 running
 *     +-------------------------+
 *
 * SmallRye's throttled strategy and Wolverine's cumulative acknowledgement are the same algorithm.
 */

/**
 * Knows up to where the records of one partition are handled; a state machine that is told of
 * starts and ends.
 */
final class CommitTracker {

  private final ArrayDeque<Entry> unfinished = new ArrayDeque<>();
  private final Map<Position, Entry> byPosition = new HashMap<>();
  private @Nullable Position prefixEnd;

  /** A record has come; records come in order. */
  void started(Position position) {
    Entry entry = new Entry(position);
    if (byPosition.putIfAbsent(position, entry) != null) {
      throw new IllegalArgumentException("position: " + position + " twice (expected: once)");
    }
    unfinished.addLast(entry);
  }

  /** A record is handled, whatever came of it; one that is not known is ignored. */
  void ended(Position position) {
    Entry entry = byPosition.get(position);
    if (entry == null) {
      return;
    }
    entry.ended = true;
    while (!unfinished.isEmpty() && unfinished.peekFirst().ended) {
      Entry first = unfinished.removeFirst();
      byPosition.remove(first.position);
      prefixEnd = first.position;
    }
  }

  /** Returns up to where everything is handled, if anything is. */
  Optional<Position> committable() {
    return Optional.ofNullable(prefixEnd);
  }

  /** Returns whether everything that came is handled. */
  boolean isIdle() {
    return unfinished.isEmpty();
  }

  private static final class Entry {
    private final Position position;
    private boolean ended;

    Entry(Position position) {
      this.position = position;
    }
  }
}
