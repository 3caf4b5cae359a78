package dev.ashlar.core;

import java.util.Optional;

/**
 * The id of one handling of one request or message by one service.
 *
 * <p>A redelivered message is handled again, under a new id. The id of the handling that caused
 * this one travels beside it, which turns log lines into a tree.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 */
public record RequestId(String value) {

  /** Checks the text. */
  public RequestId {
    IdSource.check(value);
  }

  /** Returns the id that a text from outside stands for; empty if it is not well-formed. */
  static Optional<RequestId> parse(String text) {
    return IdSource.isWellFormed(text) ? Optional.of(new RequestId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
