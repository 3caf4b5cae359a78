package dev.ashlar.messaging.disk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Up to which number the backlog has been read, and what is known of messages beyond: after a
 * restart the cursor stands where it stood at the last checkpoint, and some behind it were
 * delivered or settled since.
 */
final class QueuePassed {

  private final Set<Long> skipped = new HashSet<>();
  private final Map<Long, Counts> counted = new HashMap<>();
  private long last;
  private long gaps;

  QueuePassed(long last, long gaps) {
    this.last = last;
    this.gaps = gaps;
  }

  private record Counts(int attempts, int spent) {}

  /** The greatest number that was read. */
  long last() {
    return last;
  }

  /** How many numbers beyond are of messages that failed to be written. */
  long gaps() {
    return gaps;
  }

  void addGaps(long count) {
    gaps += count;
  }

  int skippedCount() {
    return skipped.size();
  }

  /** A message beyond is gone, or in hand already. */
  void skip(long seq) {
    if (seq > last) {
      skipped.add(seq);
      counted.remove(seq);
    }
  }

  boolean isSkipped(long seq) {
    return skipped.contains(seq);
  }

  /** A message beyond was delivered. */
  void count(long seq, int attempts, int spent) {
    if (seq > last && !skipped.contains(seq)) {
      @Nullable Counts known = counted.get(seq);
      if (known == null || attempts > known.attempts) {
        counted.put(seq, new Counts(attempts, spent));
      } else if (attempts == known.attempts && spent < known.spent) {
        counted.put(seq, new Counts(attempts, spent));
      }
    }
  }

  /** Passes a message of the backlog; returns whether it is to be taken in hand. */
  boolean pass(long seq) {
    if (seq <= last) {
      return false;
    }
    gaps = Math.max(0, gaps - (seq - last - 1));
    last = seq;
    return !skipped.remove(seq);
  }

  /** Gives a message what is known of its deliveries. */
  void count(QueueLive live) {
    @Nullable Counts known = counted.remove(live.seq);
    if (known != null && known.attempts > live.attempts) {
      live.attempts = known.attempts;
      live.spent = known.spent;
      live.lapsed = known.spent > 0;
    }
  }
}
