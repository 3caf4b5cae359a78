package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

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
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> {@value #TOKEN_MAX} digits.
 *
 * @param partition the partition's id
 * @param token digits without a leading zero; a greater number is later
 */
public record Position(String partition, String token) {

  /** The longest token. */
  public static final int TOKEN_MAX = 160;

  /** Checks the parts. */
  public Position {
    Partition.checkId(partition);
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

  /** Without a stream: a position is made for each record. */
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
    return new Position(partition, Long.toString(number));
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
    return token.length() == other.token.length()
        ? token.compareTo(other.token) > 0
        : token.length() > other.token.length();
  }

  /** Returns partition and token, as {@link #parse} reads them. */
  @Override
  public String toString() {
    return partition + "@" + token;
  }
}
