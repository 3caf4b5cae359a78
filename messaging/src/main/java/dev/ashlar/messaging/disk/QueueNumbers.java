package dev.ashlar.messaging.disk;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives messages their numbers, in the order of their records: it is asked by a record that writes
 * itself into the journal's stage, one at a time.
 */
final class QueueNumbers {

  private final AtomicLong last;

  QueueNumbers(long last) {
    this.last = new AtomicLong(last);
  }

  /** Only ever asked by whoever holds the journal's lock, so nobody adds in between. */
  long next() {
    long next = last.getPlain() + 1;
    last.setRelease(next);
    return next;
  }

  /** The last number that was given; what it was given to may have failed. */
  long last() {
    return last.get();
  }
}
