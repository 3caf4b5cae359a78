package dev.ashlar.messaging.log;

import dev.ashlar.core.IdSource;
import java.util.Set;

/**
 * One of the ordered parts that a log consists of.
 *
 * <p>Partitions form a tree, or rather a graph that only grows downwards: one that is split, or
 * merged with another, takes no more records and has children that go on in its place. Where
 * nothing is ever resharded all are roots and stay open.
 *
 * <p><b>Threads.</b> Immutable: a picture of one moment.
 *
 * @param id names it within its log, 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param parents those that must be read to their ends before this one
 * @param open whether records may still be appended
 */
public record Partition(String id, Set<String> parents, boolean open) {

  /** Checks and copies. */
  public Partition {
    checkId(id);
    parents = Set.copyOf(parents);
  }

  /** Each position asks this, and nearly all ids are short numbers: those need no closer look. */
  static void checkId(String id) {
    if (!isSmallNumber(id) && !IdSource.isWellFormed(id)) {
      throw new IllegalArgumentException(
          "partition: " + id.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  private static boolean isSmallNumber(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return !id.isEmpty() && id.length() <= 4;
  }
}
