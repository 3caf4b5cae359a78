package dev.ashlar.messaging.sourcing;

import dev.ashlar.core.IdSource;

/**
 * The name of a stream: most often a kind of thing and the id of one of them.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 */
public record StreamName(String value) {

  /** Checks the text. */
  public StreamName {
    if (!IdSource.isWellFormed(value)) {
      throw new IllegalArgumentException(
          "value: " + value.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
