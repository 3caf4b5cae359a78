package dev.ashlar.messaging.disk;

/**
 * Gives messages their numbers, in the order of their records: it is asked by a record that writes
 * itself into the journal's stage, one at a time.
 */
final class QueueNumbers {

  private volatile long last;

  QueueNumbers(long last) {
    this.last = last;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only ever by whoever holds the journal's lock.
  long next() {
    return ++last;
  }

  /** The last number that was given; what it was given to may have failed. */
  long last() {
    return last;
  }
}
