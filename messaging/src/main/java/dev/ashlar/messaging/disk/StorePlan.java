package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.disk.StoreTrie.Kind;
import dev.ashlar.messaging.disk.StoreTrie.Walk;
import dev.ashlar.messaging.sourcing.Append;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an append comes upon in a store whose latest record is given, and the records that it would
 * add. Decides nothing and changes nothing.
 *
 * @param end how many events the stream has
 * @param standing the numbers of its events that have an id of the append
 * @param nodes of the events to be added, if none stands
 * @param isTaken whether the name's key belongs to a stream of another name
 * @param missing the number of a record that has to be read first, or {@link StorePath#NONE}
 */
record StorePlan(
    long end, List<Long> standing, List<StoreNode> nodes, boolean isTaken, long missing) {

  /** What an append is looked for by; made once, however often it is planned. */
  record Keys(StoreKey stream, List<StoreKey> ids) {

    static Keys of(Append append, StoreKey.Hash hash) {
      return new Keys(
          hash.apply(append.stream().value()),
          append.events().stream().map(event -> hash.apply(event.id().value())).toList());
    }
  }

  private static StorePlan stuck(Walk walk) {
    return new StorePlan(0, List.of(), List.of(), false, walk.missing());
  }

  /**
   * Plans an append.
   *
   * @param root the latest record of the store
   * @param first the number of the first record to be added
   */
  static StorePlan of(
      Append append, Keys keys, @Nullable StoreNode root, long first, StoreTrie.Nodes nodes) {
    Walk streams = StoreTrie.walk(Kind.STREAMS, root, keys.stream, nodes);
    if (streams.isStuck()) {
      return stuck(streams);
    }
    StoreNode head = streams.found();
    if (head != null && !head.stream().equals(append.stream().value())) {
      return new StorePlan(0, List.of(), List.of(), true, StorePath.NONE);
    }
    return new Adding(append, keys, head, first, nodes).plan(streams.path(), root);
  }

  /** The events of one append, one behind the other. */
  private static final class Adding {
    private final Append append;
    private final Keys keys;
    private final @Nullable StoreNode head;
    private final long first;
    private final StoreTrie.Nodes before;
    private final List<StoreNode> added = new ArrayList<>();
    private final List<Long> standing = new ArrayList<>();

    Adding(Append append, Keys keys, @Nullable StoreNode head, long first, StoreTrie.Nodes before) {
      this.append = append;
      this.keys = keys;
      this.head = head;
      this.first = first;
      this.before = before;
    }

    StorePlan plan(StorePath streams, @Nullable StoreNode root) {
      StoreNode latest = head;
      for (StoreKey id : keys.ids) {
        Walk positions =
            StoreTrie.walk(
                Kind.POSITIONS, latest, StoreKey.ofPosition(end() + added.size() + 1), this::at);
        Walk ids = StoreTrie.walk(Kind.IDS, latest, id, this::at);
        if (positions.isStuck() || ids.isStuck()) {
          return stuck(positions.isStuck() ? positions : ids);
        }
        if (ids.found() != null) {
          standing.add(ids.found().number());
        }
        latest = next(id, positions.path(), ids.path());
        added.add(latest);
      }
      long stored = (root == null ? 0 : root.root().stored()) + added.size();
      int last = added.size() - 1;
      added.set(last, added.get(last).withRoot(new StoreNode.Root(true, stored, streams)));
      return new StorePlan(end(), standing, added, false, StorePath.NONE);
    }

    private long end() {
      return head == null ? 0 : head.position();
    }

    private StoreNode next(StoreKey id, StorePath positions, StorePath ids) {
      return new StoreNode(
          first + added.size(),
          end() + added.size() + 1,
          append.stream().value(),
          keys.stream,
          id,
          positions,
          ids,
          StoreNode.Root.NOT);
    }

    private @Nullable StoreNode at(long number) {
      return number >= first ? added.get((int) (number - first)) : before.at(number);
    }
  }
}
