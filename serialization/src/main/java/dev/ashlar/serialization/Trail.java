package dev.ashlar.serialization;

import org.jspecify.annotations.Nullable;

/**
 * Where a run through a document is, in the type's own words, and what it has used up.
 *
 * <p>Map keys come from the data, so the path shows a star for them.
 */
final class Trail {

  private static final int NOWHERE = -1;
  private static final int ENTRY = -2;

  private final Limits limits;

  // The step taken inside each open object or array: a field's name, or else an index.
  private final @Nullable String[] names;
  private final int[] indexes;
  private int depth;
  private int items;

  Trail(Limits limits) {
    this.limits = limits;
    this.names = new @Nullable String[limits.depth()];
    this.indexes = new int[limits.depth()];
  }

  /** An object or array begins. */
  void enter() {
    if (depth == limits.depth()) {
      throw Refusal.overLimit("depth", depth + 1L, limits.depth());
    }
    names[depth] = null;
    indexes[depth] = NOWHERE;
    depth++;
  }

  /** The innermost object or array ends. */
  void leave() {
    depth--;
  }

  void atField(String name) {
    names[depth - 1] = name;
  }

  void atElement(int index) {
    indexes[depth - 1] = index;
  }

  void atEntry() {
    indexes[depth - 1] = ENTRY;
  }

  /** The innermost object as a whole, and none of its fields. */
  void atNothing() {
    names[depth - 1] = null;
  }

  /** Counts a field or an element. */
  void countItem() {
    if (++items > limits.items()) {
      throw Refusal.overLimit("items", items, limits.items());
    }
  }

  /** Returns the path so far; empty for the whole document. */
  String path() {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      String name = names[i];
      if (name != null) {
        path.append('/').append(name);
      } else if (indexes[i] == ENTRY) {
        path.append("/*");
      } else if (indexes[i] != NOWHERE) {
        path.append('/').append(indexes[i]);
      }
    }
    return path.toString();
  }
}
