package dev.ashlar.leases.versioned;

import dev.ashlar.core.IdSource;

/**
 * What a value is kept under.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> A store remembers the last version of every key for ever, also of one whose
 * value was deleted.
 *
 * @param value 1 to 64 of A-Z a-z 0-9 . _ -
 */
public record Key(String value) {

  /** Checks the text. */
  public Key {
    if (!IdSource.isWellFormed(value)) {
      throw new IllegalArgumentException(
          "value: " + value.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }
}
