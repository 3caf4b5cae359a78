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

  static final int SKIPPED = -1;

  private final Set<Long> skipped = new HashSet<>();
  private final Map<Long, Counts> counted = new HashMap<>();
  private long last;
  private long gaps;
  private long reach;

  QueuePassed(long last, long gaps) {
    this.last = last;
    this.gaps = gaps;
  }

  private record Counts(int attempts, int spent) {}

  /** Takes what is known of one message beyond. */
  @FunctionalInterface
  interface Each {

    /**
     * Takes it.
     *
     * @param attempts how often it was delivered; {@link #SKIPPED} if it is gone, or in hand
     */
    void accept(long seq, int attempts, int spent);
  }

  /** Tells all that is known of messages beyond, for a checkpoint. */
  void forEach(Each each) {
    skipped.forEach(seq -> each.accept(seq, SKIPPED, 0));
    counted.forEach((seq, counts) -> each.accept(seq, counts.attempts, counts.spent));
  }

  /** Takes over what a checkpoint says. */
  void restore(long seq, int attempts, int spent) {
    if (attempts == SKIPPED) {
      skip(seq);
    } else {
      count(seq, attempts, spent);
    }
  }

  /** The greatest number that was read. */
  long last() {
    return last;
  }

  /**
   * Whether there are messages beyond of which something is known. What is in hand may stand behind
   * others of the backlog then, so nothing may be delivered before it has been read up to there.
   */
  boolean isBehind() {
    return last < reach;
  }

  /** How many numbers beyond are of messages that failed to be written. */
  long gaps() {
    return gaps;
  }

  void addGaps(long count) {
    gaps += count;
  }

  int countedCount() {
    return counted.size();
  }

  int skippedCount() {
    return skipped.size();
  }

  /** A message beyond is gone, or in hand already. */
  void skip(long seq) {
    if (seq > last) {
      reach = Math.max(reach, seq);
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
      reach = Math.max(reach, seq);
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
    // Nearly always there is none, and the number need not become an object.
    return skipped.isEmpty() || !skipped.remove(seq);
  }

  /** Gives a message what is known of its deliveries. */
  void count(QueueLive live) {
    if (counted.isEmpty()) {
      return;
    }
    @Nullable Counts known = counted.remove(live.seq);
    if (known != null && known.attempts > live.attempts) {
      live.attempts = known.attempts;
      live.spent = known.spent;
      live.lapsed = known.spent > 0;
    }
  }
}
