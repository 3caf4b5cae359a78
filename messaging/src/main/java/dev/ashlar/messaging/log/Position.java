package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of one record in one partition of a log.
 *
 * <p>Opaque: it can be compared with another one of the same partition, printed and stored, and
 * that is all. There is no next position, because logs have gaps: Kafka's transaction markers take
 * offsets, Kinesis numbers with gaps from the start, and a rolled-back append leaves one in a
 * table.
 *
 * <p>The token is a whole number in decimal text, because that is what the orders of all engines
 * fit into: an offset of 64 bits, a sequence number of Kinesis (up to 129 digits) with the number
 * of a record inside an aggregate behind it, or a pair of transaction and row numbers, of which the
 * second is padded. A {@code long} is too short for two of them, and bytes do not print.
 *
 * <p>It is made for each record that is appended or read, and hardly ever printed: so where an
 * engine's numbers fit in 64 bits it keeps the number, and makes the text when it is asked for.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> {@value #TOKEN_MAX} digits.
 */
public final class Position {

  /** The longest token. */
  public static final int TOKEN_MAX = 160;

  /** All numbers of so many digits fit in 64 bits; what is longer is kept as text. */
  private static final int NUMBER_DIGITS = 18;

  private static final long NUMBER_MAX = 999_999_999_999_999_999L;
  private static final long NONE = -1;

  private final String partition;

  /** What the token says, or {@link #NONE} if it is too long for that. */
  private final long number;

  /** Two threads may both make it, to no harm: they make the same. */
  private @Nullable String token;

  /**
   * Makes a position of its parts.
   *
   * @param partition the partition's id
   * @param token digits without a leading zero; a greater number is later
   */
  public Position(String partition, String token) {
    Partition.checkId(partition);
    checkToken(token);
    this.partition = partition;
    this.token = token;
    this.number = token.length() > NUMBER_DIGITS ? NONE : Long.parseLong(token);
  }

  private Position(String partition, long number) {
    Partition.checkId(partition);
    this.partition = partition;
    this.number = number;
  }

  private static void checkToken(String token) {
    requireNonNull(token, "token");
    boolean zeroLed = token.length() > 1 && token.charAt(0) == '0';
    if (token.isEmpty() || token.length() > TOKEN_MAX || !isDigits(token) || zeroLed) {
      throw new IllegalArgumentException(
          "token: "
              + token.length()
              + " characters (expected: 1 to "
              + TOKEN_MAX
              + " digits without a leading zero)");
    }
  }

  private static boolean isDigits(String token) {
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) < '0' || token.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Returns the position of an engine whose numbers are not negative and fit in 64 bits. */
  public static Position of(String partition, long number) {
    return number < 0 || number > NUMBER_MAX
        ? new Position(partition, Long.toString(number))
        : new Position(partition, number);
  }

  /** Returns the partition's id. */
  public String partition() {
    return partition;
  }

  /** Returns the number as text: digits without a leading zero; a greater number is later. */
  public String token() {
    String known = token;
    if (known == null) {
      known = Long.toString(number);
      token = known;
    }
    return known;
  }

  /**
   * Returns the number that {@link #of} would make this position of.
   *
   * @throws IllegalArgumentException if it does not fit in 64 bits
   */
  public long number() {
    if (number != NONE) {
      return number;
    }
    try {
      return Long.parseLong(token());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "token: " + token().length() + " digits (expected: at most " + Long.MAX_VALUE + ")", e);
    }
  }

  /**
   * Reads back what {@link #toString()} has printed.
   *
   * @return empty if the text is no position
   */
  public static Optional<Position> parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Position(text.substring(0, at), text.substring(at + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns whether this position is later.
   *
   * @throws IllegalArgumentException if they are of two partitions, between which there is no order
   */
  public boolean isAfter(Position other) {
    if (!partition.equals(other.partition)) {
      throw new IllegalArgumentException(
          "other: of partition " + other.partition + " (expected: " + partition + ")");
    }
    if (number != NONE && other.number != NONE) {
      return number > other.number;
    }
    int longer = Integer.compare(token().length(), other.token().length());
    return longer > 0 || (longer == 0 && token().compareTo(other.token()) > 0);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Position that
        && number == that.number
        && partition.equals(that.partition)
        && (number != NONE || token().equals(that.token()));
  }

  @Override
  public int hashCode() {
    int ofNumber = number == NONE ? token().hashCode() : Long.hashCode(number);
    return 31 * partition.hashCode() + ofNumber;
  }

  /** Returns partition and token, as {@link #parse} reads them. */
  @Override
  public String toString() {
    return partition + "@" + token();
  }
}
