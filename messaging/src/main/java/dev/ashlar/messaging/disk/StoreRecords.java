package dev.ashlar.messaging.disk;

import dev.ashlar.core.MalformedDataException;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import dev.ashlar.messaging.sourcing.EventStore.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads acknowledged records of the journal, by number and by stream.
 *
 * <p><b>Threads.</b> Safe: each call reads for itself.
 */
final class StoreRecords {

  /** A read ends once it has so much: a slice is a part of a stream, and must fit into memory. */
  static final int SLICE_BYTES = 16 << 20;

  /** How many events are looked for at once; their records often stand side by side. */
  private static final int RUN = 64;

  private final Journal journal;
  private final StoreNodes nodes;
  private final StoreKey.Hash hash;
  private final StoreReaders readers;

  StoreRecords(Journal journal, StoreNodes nodes, StoreKey.Hash hash) {
    this.journal = journal;
    this.nodes = nodes;
    this.hash = hash;
    this.readers = new StoreReaders(journal);
  }

  void close() {
    readers.close();
  }

  /** Returns where a record leads to, from memory or from the journal. */
  StoreNode node(long number) {
    StoreNode known = nodes.at(number);
    if (known != null) {
      return known;
    }
    StoreNode[] node = new StoreNode[1];
    one(number, (array, offset, length) -> node[0] = StoreFormat.node(array, offset, length, hash));
    nodes.addRead(node[0]);
    return node[0];
  }

  /** Returns a whole event. */
  StoreFormat.Stored stored(long number) {
    StoreFormat.Stored[] stored = new StoreFormat.Stored[1];
    one(
        number,
        (array, offset, length) -> stored[0] = StoreFormat.stored(array, offset, length, hash));
    return stored[0];
  }

  /** Returns the record that the whole store is found from; null if there is none yet. */
  @Nullable StoreNode latestRoot() {
    StoreNode[] root = new StoreNode[1];
    for (long number = journal.end() - 1; number >= 0 && root[0] == null; number--) {
      long at = number;
      one(
          at,
          (array, offset, length) -> {
            if (!StoreFormat.isVoid(at, array, offset, length)) {
              root[0] = StoreFormat.node(array, offset, length, hash);
            }
          });
    }
    if (root[0] != null && !root[0].root().isRoot()) {
      throw new IllegalStateException(
          "record " + root[0].number() + ": inside an append (expected: the last of one)");
    }
    return root[0];
  }

  /** Takes the bytes of one record, which are the reader's own. */
  @FunctionalInterface
  private interface Look {
    void at(byte[] array, int offset, int length);
  }

  private void one(long number, Look look) {
    run(
        number,
        number,
        (each, array, offset, length) -> {
          if (each == number) {
            look.at(array, offset, length);
          }
        });
  }

  private void run(long first, long last, JournalReader.Sink sink) {
    JournalReader reader = readers.take(first);
    boolean read = false;
    try {
      while (reader.position() <= last) {
        if (reader.read(sink) == 0) {
          throw new IllegalStateException(
              "record " + last + ": not there (expected: before " + journal.end() + ")");
        }
      }
      read = true;
      readers.giveBack(reader);
    } catch (MalformedDataException e) {
      throw new IllegalStateException(
          "records " + first + " to " + last + ": " + e.getMessage() + " (expected: events)", e);
    } finally {
      if (!read) {
        reader.close();
      }
    }
  }

  // Streams.

  /** Returns the latest event of a stream, as it was when a record was the latest of all. */
  @Nullable StoreNode head(@Nullable StoreNode root, String stream) {
    StoreNode found = walk(StoreTrie.Kind.STREAMS, root, hash.apply(stream));
    return found == null || !found.stream().equals(stream) ? null : found;
  }

  private @Nullable StoreNode walk(StoreTrie.Kind kind, @Nullable StoreNode root, StoreKey key) {
    return StoreTrie.walk(kind, root, key, this::node).found();
  }

  /** Reads the next events of a stream whose latest event is given. */
  Slice slice(StoreNode head, long after, int most) {
    List<Recorded> events = new ArrayList<>();
    long bytes = 0;
    long last = Math.min(after + most, head.position());
    long position = after;
    boolean full = false;
    while (position < last && !full) {
      for (Recorded each : run(head, position, Math.min(position + RUN, last))) {
        bytes += each.event().payload().size();
        full |= bytes > SLICE_BYTES && !events.isEmpty();
        if (!full) {
          events.add(each);
          position = each.position();
        }
      }
    }
    return new Slice(events, head.position());
  }

  /**
   * Reads backwards from an event, as the records lead, and keeps no more than a slice may have.
   */
  private Deque<Recorded> run(StoreNode head, long after, long to) {
    StoreNode last = walk(StoreTrie.Kind.POSITIONS, head, StoreKey.ofPosition(to));
    if (last == null) {
      throw new IllegalStateException("position " + to + ": not there (expected: in the stream)");
    }
    Deque<Recorded> events = new ArrayDeque<>();
    Map<Long, StoreFormat.Stored> near = Map.of();
    long bytes = 0;
    long number = last.number();
    for (long position = to; position > after; position--) {
      StoreFormat.Stored stored = near.get(number);
      if (stored == null) {
        near = near(number, position - after == 1 ? 1 : RUN, head.stream());
        stored = near.get(number);
      }
      if (stored == null || stored.recorded().position() != position) {
        throw new IllegalStateException("record " + number + ": not event " + position);
      }
      events.addFirst(stored.recorded());
      bytes += stored.recorded().event().payload().size();
      while (bytes > SLICE_BYTES && events.size() > 1) {
        bytes -= events.removeLast().event().payload().size();
      }
      // Positions one apart begin to differ last, at the deepest level.
      number = stored.node().positions().deepest();
    }
    return events;
  }

  /**
   * Returns the events of a stream among so many records up to one; that one at least, and of the
   * others the last ones if they are large.
   */
  private Map<Long, StoreFormat.Stored> near(long number, int records, String stream) {
    Map<Long, StoreFormat.Stored> near = new LinkedHashMap<>();
    long[] bytes = new long[1];
    run(
        Math.max(0, number - records + 1),
        number,
        (each, array, offset, length) -> {
          if (each <= number
              && StoreFormat.isOf(stream, array, offset, length)
              && !StoreFormat.isVoid(each, array, offset, length)) {
            StoreFormat.Stored stored = StoreFormat.stored(array, offset, length, hash);
            near.put(each, stored);
            bytes[0] += stored.recorded().event().payload().size();
            while (bytes[0] > SLICE_BYTES && near.size() > 1) {
              bytes[0] -= removeFirst(near);
            }
          }
        });
    return near;
  }

  private static long removeFirst(Map<Long, StoreFormat.Stored> near) {
    Iterator<StoreFormat.Stored> all = near.values().iterator();
    int size = all.next().recorded().event().payload().size();
    all.remove();
    return size;
  }
}
