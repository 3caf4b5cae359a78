package dev.ashlar.messaging.journal;

import dev.ashlar.messaging.journal.SegmentFormat.Entry;
import dev.ashlar.messaging.journal.SegmentFormat.Header;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the active segment is: changed by the one who writes, looked at by readers meanwhile, who
 * so need neither a lock nor a second look at bytes that are being written.
 */
final class Growing {

  private final Header header;
  private final long[] numbers;
  private final int[] offsets;
  private int entries;
  private long next;

  /** Written last and read first: what stands before it in the file and in the index is whole. */
  private volatile int position = SegmentFormat.HEADER_BYTES;

  Growing(Header header) {
    this.header = header;
    this.next = header.name().first();
    int most = header.sizeBytes() / SegmentFormat.INDEX_STEP_BYTES + 1;
    this.numbers = new long[most];
    this.offsets = new int[most];
  }

  Header header() {
    return header;
  }

  /** Where the next batch begins. */
  int position() {
    return position;
  }

  /** The number of the next batch's first record. */
  long next() {
    return next;
  }

  /** Takes note of a batch that has been written. */
  void accept(int size, int count) {
    int at = position;
    if (entries == 0 || at - offsets[entries - 1] >= SegmentFormat.INDEX_STEP_BYTES) {
      numbers[entries] = next;
      offsets[entries] = at;
      entries++;
    }
    next += count;
    position = at + size;
  }

  /** A copy of the index as far as it is. */
  List<Entry> index() {
    int end = position;
    List<Entry> index = new ArrayList<>();
    for (int i = 0; i < entries && offsets[i] < end; i++) {
      index.add(new Entry(numbers[i], offsets[i]));
    }
    return index;
  }
}
