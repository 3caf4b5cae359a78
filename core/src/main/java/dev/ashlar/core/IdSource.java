package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import java.util.random.RandomGenerator;

/**
 * Makes ids that are unique without asking anybody, and sort by the time they were made.
 *
 * <p>An id is 26 characters: 48 bits of wall time in milliseconds and 80 random bits, in
 * Crockford's base 32 (the ULID layout).
 *
 * <p><b>Guarantees.</b> Ids from one source strictly increase as text, also when the wall clock
 * stands still or jumps back, and from any number of threads.
 *
 * <p><b>Not guaranteed.</b> Order between sources, whose clocks differ. Secrecy: an id tells when
 * it was made, and the next one can be guessed, so it is no credential.
 *
 * <p><b>Threads.</b> Safe; the generator is used by one thread at a time.
 *
 * <p><b>Limits.</b> Two sources with well-seeded generators that make a million ids in the same
 * millisecond collide with a probability of about 10^-12.
 */
public final class IdSource {

  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int LENGTH = 26;
  private static final int TEXT_MAX = 64;
  private static final long MILLIS_MASK = (1L << 48) - 1;
  private static final long HIGH_MASK = (1L << 16) - 1;

  private final TimeSource time;
  private final RandomGenerator random;
  private final Object lock = new Object();

  private long millis = -1;
  private long high;
  private long low;

  private IdSource(TimeSource time, RandomGenerator random) {
    this.time = requireNonNull(time, "time");
    this.random = requireNonNull(random, "random");
  }

  /** Returns the source of this process: the machine's wall clock, and the system's entropy. */
  public static IdSource system() {
    return SystemTime.ids();
  }

  /** Returns a source of its own; well-seeded, or its ids are those of the next one. */
  public static IdSource of(TimeSource time, RandomGenerator random) {
    return new IdSource(time, random);
  }

  /** Returns a fresh correlation id. */
  public CorrelationId correlation() {
    return new CorrelationId(text());
  }

  /** Returns a fresh request id. */
  public RequestId request() {
    return new RequestId(text());
  }

  /** Returns a fresh id as bare text, for the ids of other blocks. */
  public String text() {
    long wallMillis = time.wallTime().toEpochMilli() & MILLIS_MASK;
    synchronized (lock) {
      if (wallMillis > millis) {
        millis = wallMillis;
        high = random.nextLong() & HIGH_MASK;
        low = random.nextLong();
      } else {
        increment();
      }
      return print(millis, high, low);
    }
  }

  /** Adds one to the 80 random bits; past their end the id borrows the next millisecond. */
  private void increment() {
    low++;
    if (low == 0) {
      high = (high + 1) & HIGH_MASK;
      if (high == 0) {
        millis++;
      }
    }
  }

  /*
   * 128 bits from the left, five to a character, of which the first has three:
   *
   *   character   0 .. 9        10 .. 13     14 .. 25
   *   bits        48 of millis  16 of high + 64 of low
   */
  private static String print(long millis, long high, long low) {
    char[] text = new char[LENGTH];
    for (int i = 9; i >= 0; i--) {
      text[i] = DIGITS[(int) (millis & 31)];
      millis >>>= 5;
    }
    for (int i = LENGTH - 1; i >= 10; i--) {
      text[i] = DIGITS[(int) (low & 31)];
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text);
  }

  /** Returns whether a text can be an id or a name: 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
  public static boolean isWellFormed(String text) {
    int length = text.length();
    int end = 0;
    // A loop and not a stream: each message, header and position that is made passes here.
    while (end < length && end < TEXT_MAX && isIdCharacter(text.charAt(end))) {
      end++;
    }
    return length > 0 && end == length;
  }

  static void check(String text) {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException(
          "value: "
              + text.length()
              + " characters (expected: 1 to "
              + TEXT_MAX
              + " of A-Z a-z 0-9 . _ -)");
    }
  }

  private static boolean isIdCharacter(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
