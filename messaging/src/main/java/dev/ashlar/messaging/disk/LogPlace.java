package dev.ashlar.messaging.disk;

/**
 * A place in a partition: behind a record of the journal, or behind no record.
 *
 * @param number of the last record in front of it; 0 in front of all, for the journal's first
 *     record is never a message
 * @param ordinal how many records of the partition there ever were up to the number, or {@link
 *     #UNKNOWN}; it makes a lag a subtraction
 */
record LogPlace(long number, long ordinal) {

  static final long UNKNOWN = -1;
  static final LogPlace BEGINNING = new LogPlace(0, 0);

  static LogPlace behind(long number) {
    return new LogPlace(number, number == 0 ? 0 : UNKNOWN);
  }

  LogPlace orLater(LogPlace other) {
    boolean later =
        other.number > number
            || (other.number == number && ordinal == UNKNOWN && other.ordinal != UNKNOWN);
    return later ? other : this;
  }
}
