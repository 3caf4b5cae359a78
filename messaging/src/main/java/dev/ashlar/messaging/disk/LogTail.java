package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * One window for all readers. The oldest record goes first, whichever partition it is of, and each
 * partition remembers which of its records went last: a reader that is behind that one finds here all
 * that it has not read, also in a partition that has been silent for long.
 */
/** The newest records of a log in memory, for readers that are not behind; under its log's lock. */
final class LogTail {

  /** Enough for some ten thousand small records: readers that keep up are rarely further behind. */
  static final long BYTES_MAX = 4 << 20;

  /** What a record takes beside its bytes, about. */
  private static final long ENTRY_BYTES = 128;

  private final ArrayDeque<Entry> all = new ArrayDeque<>();
  private final Ring[] partitions;
  private long bytes;

  LogTail(int count) {
    partitions = new Ring[count];
    for (int i = 0; i < count; i++) {
      partitions[i] = new Ring();
    }
  }

  /** A record of the journal that is a message. */
  static final class Entry {
    final long number;
    final int partition;
    final long ordinal;
    private final byte[] record;
    private @Nullable Message message;

    Entry(long number, long ordinal, byte[] record) {
      this.number = number;
      this.partition = LogFormat.partition(record, 0);
      this.ordinal = ordinal;
      this.record = record;
    }

    long stamp() {
      return LogFormat.stamp(record, 0);
    }

    /** Reads the message once for all readers; two at once may both do it, to no harm. */
    Message message() {
      Message known = message;
      if (known == null) {
        known = LogFormat.message(record, 0, record.length);
        message = known;
      }
      return known;
    }

    private long cost() {
      return ENTRY_BYTES + record.length;
    }
  }

  /** What came before was not seen here: all that a partition has up to a number. */
  void goneUpTo(int partition, long number) {
    partitions[partition].gone = number;
  }

  void add(Entry entry) {
    all.addLast(entry);
    partitions[entry.partition].add(entry);
    bytes += entry.cost();
    while (bytes > BYTES_MAX) {
      Entry oldest = all.removeFirst();
      partitions[oldest.partition].removeFirst();
      bytes -= oldest.cost();
    }
  }

  /** Returns what a partition has behind a number; empty if only the disk knows. */
  Optional<List<Entry>> behind(int partition, long after, int most) {
    Ring ring = partitions[partition];
    return after < ring.gone ? Optional.empty() : Optional.of(ring.behind(after, most));
  }

  /** The entries of one partition, by number. */
  private static final class Ring {
    private Entry[] entries = new Entry[16];
    private int first;
    private int size;

    /** The last number that is not here any more. */
    private long gone;

    void add(Entry entry) {
      if (size == entries.length) {
        Entry[] more = new Entry[2 * size];
        for (int i = 0; i < size; i++) {
          more[i] = at(i);
        }
        entries = more;
        first = 0;
      }
      entries[(first + size) & (entries.length - 1)] = entry;
      size++;
    }

    @SuppressWarnings("NullAway") // The place of what is gone is empty, and nobody looks at it.
    void removeFirst() {
      gone = entries[first].number;
      entries[first] = null;
      first = (first + 1) & (entries.length - 1);
      size--;
    }

    private Entry at(int index) {
      return entries[(first + index) & (entries.length - 1)];
    }

    List<Entry> behind(long after, int most) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (at(middle).number <= after) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      List<Entry> found = new ArrayList<>();
      for (int i = low; i < size && found.size() < most; i++) {
        found.add(at(i));
      }
      return found;
    }
  }
}
