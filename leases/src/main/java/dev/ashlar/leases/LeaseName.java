package dev.ashlar.leases;

import dev.ashlar.core.IdSource;

/**
 * What a lease is for: a job, a partition, a table to be migrated.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> A store remembers the last number of every name for ever, so a name is not made
 * from data that never ends, such as an order's id.
 *
 * @param value 1 to 64 of A-Z a-z 0-9 . _ -
 */
public record LeaseName(String value) {

  /** Checks the text. */
  public LeaseName {
    if (!IdSource.isWellFormed(value)) {
      throw new IllegalArgumentException(
          "value: " + value.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }
}
