package dev.ashlar.messaging.disk;

import org.jspecify.annotations.Nullable;

/*
 * A binary trie that is only ever added to, kept in the records themselves. Each record has a key and
 * carries the path to its place: for each level of the trie at which there is another side, the
 * latest record on that other side.
 *
 *    keys, first bits:    #1 0110   #2 0011   #3 1010   #4 0111          root: the latest, #4
 *
 *    #4 0111   level 0: #3 (1...)   level 1: #2 (00..)   level 3: #1 (0110)
 *    #3 1010   level 0: #2 (0...)
 *    #2 0011   level 1: #1 (01..)
 *
 * Looking for a key begins at the latest record. The first bit in which the two differ is the level
 * to leave at; the record named there agrees with the key in at least one bit more. Where the latest
 * record names none, there is none. So a key is found, or found missing, in as many steps as the
 * trie is deep: the logarithm of the number of keys, and half of it on average, for half of the bits
 * agree by chance.
 *
 * Adding a record is looking for its key, and copying on the way what the records passed know of the
 * levels in between. Nothing is ever changed: whoever starts at an older record sees the trie as it
 * was then. That is what makes an append atomic, a reader's view consistent, and a crash harmless:
 * the last whole record is the root.
 *
 * This is the path copying of persistent trees (Driscoll, Sarnak, Sleator and Tarjan, "Making data
 * structures persistent", 1989), with the copied path in the leaf.
 */
/** Finds records by their keys, and the paths of records to be added. */
final class StoreTrie {

  private StoreTrie() {}

  /** One of the three ways in which the records of a store lead to each other. */
  enum Kind {
    /** From the last event of an append to the latest event of any stream. */
    STREAMS {
      @Override
      StoreKey key(StoreNode node) {
        return node.streamKey();
      }

      @Override
      StorePath path(StoreNode node) {
        return node.root().streams();
      }
    },
    /** From an event to the earlier ones of its stream, by position. */
    POSITIONS {
      @Override
      StoreKey key(StoreNode node) {
        return StoreKey.ofPosition(node.position());
      }

      @Override
      StorePath path(StoreNode node) {
        return node.positions();
      }
    },
    /** From an event to the earlier ones of its stream, by id. */
    IDS {
      @Override
      StoreKey key(StoreNode node) {
        return node.idKey();
      }

      @Override
      StorePath path(StoreNode node) {
        return node.ids();
      }
    };

    abstract StoreKey key(StoreNode node);

    abstract StorePath path(StoreNode node);
  }

  /** Where records are found by number. */
  @FunctionalInterface
  interface Nodes {

    /** Returns a record, or null if it would have to be read first. */
    @Nullable StoreNode at(long number);
  }

  /**
   * Where looking for a key came to.
   *
   * @param found the record with the key, if there is one
   * @param path of a record with the key that is added now
   * @param missing the number of a record that has to be read first, or {@link StorePath#NONE}
   */
  record Walk(@Nullable StoreNode found, StorePath path, long missing) {

    boolean isStuck() {
      return missing != StorePath.NONE;
    }
  }

  /** Looks for a key from a record on. */
  static Walk walk(Kind kind, @Nullable StoreNode root, StoreKey key, Nodes nodes) {
    StorePath.Builder path = new StorePath.Builder();
    StoreNode at = root;
    int level = 0;
    while (at != null) {
      int difference = kind.key(at).levelOfDifference(key);
      StorePath known = kind.path(at);
      path.copy(known, level, difference);
      if (difference == StoreKey.BITS) {
        return new Walk(at, path.path(), StorePath.NONE);
      }
      path.add(difference, at.number());
      long next = known.at(difference);
      if (next == StorePath.NONE) {
        break;
      }
      at = nodes.at(next);
      if (at == null) {
        return new Walk(null, StorePath.EMPTY, next);
      }
      level = difference + 1;
    }
    return new Walk(null, path.path(), StorePath.NONE);
  }
}
