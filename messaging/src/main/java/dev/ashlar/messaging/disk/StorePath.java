package dev.ashlar.messaging.disk;

import java.util.Arrays;

/**
 * What a record knows of the others of a trie: for levels, in order, the number of the latest
 * record before it that agrees with it above the level, and differs from it there. Levels ascend.
 *
 * <p><b>Threads.</b> Immutable.
 */
final class StorePath {

  static final StorePath EMPTY = new StorePath(new byte[0], new long[0]);

  /** Stands for a record that is not there. */
  static final long NONE = -1;

  private final byte[] levels;
  private final long[] targets;

  /** Keeps the arrays. */
  StorePath(byte[] levels, long[] targets) {
    this.levels = levels;
    this.targets = targets;
  }

  int size() {
    return levels.length;
  }

  byte level(int index) {
    return levels[index];
  }

  long target(int index) {
    return targets[index];
  }

  /** Returns the number at the deepest level, or {@link #NONE}. */
  long deepest() {
    return targets.length == 0 ? NONE : targets[targets.length - 1];
  }

  /** Returns the number at a level, or {@link #NONE}. */
  long at(int level) {
    int index = Arrays.binarySearch(levels, (byte) level);
    return index < 0 ? NONE : targets[index];
  }

  /** Puts a path together, from the top down. */
  static final class Builder {
    private byte[] levels = new byte[24];
    private long[] targets = new long[24];
    private int size;

    void add(int level, long target) {
      if (size == levels.length) {
        levels = Arrays.copyOf(levels, 2 * size);
        targets = Arrays.copyOf(targets, 2 * size);
      }
      levels[size] = (byte) level;
      targets[size++] = target;
    }

    /** Adds what a path has in some levels. */
    void copy(StorePath from, int firstLevel, int endLevel) {
      for (int i = 0; i < from.levels.length; i++) {
        if (from.levels[i] >= firstLevel && from.levels[i] < endLevel) {
          add(from.levels[i], from.targets[i]);
        }
      }
    }

    StorePath path() {
      return size == 0
          ? EMPTY
          : new StorePath(Arrays.copyOf(levels, size), Arrays.copyOf(targets, size));
    }
  }
}
