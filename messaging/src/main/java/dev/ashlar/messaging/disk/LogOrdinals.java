package dev.ashlar.messaging.disk;

import java.util.Arrays;

/**
 * Remembers of the records that an owner has read last which one of its partition each was, so that
 * a commit knows it too. Who commits what was read longer ago than this makes the lag be counted.
 *
 * <p><b>Threads.</b> Safe.
 */
final class LogOrdinals {

  /** More than most consumers have in flight. */
  private static final int MOST = 8192;

  private long[] numbers = new long[64];
  private int size;
  private long firstOrdinal;

  /** Takes the next record that was read, or one of another place after a jump. */
  synchronized void add(long number, long ordinal) {
    if (size > 0 && ordinal != firstOrdinal + size) {
      size = 0;
    }
    if (size == MOST) {
      System.arraycopy(numbers, MOST / 2, numbers, 0, MOST / 2);
      size = MOST / 2;
      firstOrdinal += MOST / 2;
    }
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    firstOrdinal = size == 0 ? ordinal : firstOrdinal;
    numbers[size++] = number;
  }

  synchronized long of(long number) {
    int found = Arrays.binarySearch(numbers, 0, size, number);
    return found < 0 ? LogPlace.UNKNOWN : firstOrdinal + found;
  }
}
