package dev.ashlar.messaging;

import dev.ashlar.core.IdSource;

/**
 * The name of a message, given by its producer and kept through redelivery, redrive and resending.
 *
 * <p>It is what a consumer recognises a duplicate by, so the producer makes it once, before the
 * first attempt to send, and stores it with whatever it sends again. Deriving it from the content
 * makes two equal orders one order.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 */
public record MessageId(String value) {

  /** Checks the text. */
  public MessageId {
    if (!IdSource.isWellFormed(value)) {
      throw new IllegalArgumentException(
          "value: " + value.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  /** Returns a fresh id. */
  public static MessageId next(IdSource ids) {
    return new MessageId(ids.text());
  }

  @Override
  public String toString() {
    return value;
  }
}
