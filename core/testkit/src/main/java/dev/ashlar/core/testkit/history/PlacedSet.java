package dev.ashlar.core.testkit.history;

import java.util.Arrays;

/**
 * Which operations have their place: an immutable set that is small, because answered operations
 * are placed roughly as they began, so their part is full up to some word and empty from another.
 *
 * <p>Answered and open operations are numbered apart, each as they began.
 */
final class PlacedSet {

  private final int fullWords;
  private final long[] answered;
  private final long[] open;
  private final int answeredCount;
  private final int openCount;

  private PlacedSet(int fullWords, long[] answered, long[] open, int answeredCount, int openCount) {
    this.fullWords = fullWords;
    this.answered = answered;
    this.open = open;
    this.answeredCount = answeredCount;
    this.openCount = openCount;
  }

  static PlacedSet empty() {
    return new PlacedSet(0, new long[0], new long[0], 0, 0);
  }

  int answeredCount() {
    return answeredCount;
  }

  int openCount() {
    return openCount;
  }

  /** Returns a number below which all answered operations have their place. */
  int firstCandidate() {
    return fullWords * Long.SIZE;
  }

  boolean hasAnswered(int number) {
    int word = number / Long.SIZE - fullWords;
    return word < 0 || (word < answered.length && isSet(answered, word, number));
  }

  boolean hasOpen(int number) {
    int word = number / Long.SIZE;
    return word < open.length && isSet(open, word, number);
  }

  private static boolean isSet(long[] words, int word, int number) {
    return (words[word] >>> number & 1) == 1;
  }

  PlacedSet withAnswered(int number) {
    long[] words = with(answered, number / Long.SIZE - fullWords, number);
    int full = 0;
    while (full < words.length && words[full] == -1L) {
      full++;
    }
    long[] rest = full == 0 ? words : Arrays.copyOfRange(words, full, words.length);
    return new PlacedSet(fullWords + full, rest, open, answeredCount + 1, openCount);
  }

  PlacedSet withOpen(int number) {
    long[] words = with(open, number / Long.SIZE, number);
    return new PlacedSet(fullWords, answered, words, answeredCount, openCount + 1);
  }

  private static long[] with(long[] words, int word, int number) {
    long[] copy = Arrays.copyOf(words, Math.max(words.length, word + 1));
    copy[word] |= 1L << number;
    return copy;
  }

  /** Returns whether the answered operations are the same. */
  boolean hasSameAnswered(PlacedSet other) {
    return fullWords == other.fullWords && Arrays.equals(answered, other.answered);
  }

  int hashOfAnswered() {
    return 31 * fullWords + Arrays.hashCode(answered);
  }

  /** Returns whether all of its open operations are placed in the other one too. */
  boolean hasNoOtherOpen(PlacedSet other) {
    if (openCount > other.openCount) {
      return false;
    }
    for (int word = 0; word < open.length; word++) {
      long there = word < other.open.length ? other.open[word] : 0;
      if ((open[word] & ~there) != 0) {
        return false;
      }
    }
    return true;
  }
}
