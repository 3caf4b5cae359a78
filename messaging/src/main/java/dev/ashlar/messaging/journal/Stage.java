package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The batch that is being gathered, laid out as it will stand in the file. */
final class Stage extends OutputStream {

  private static final int START_BYTES = 64 << 10;

  /** Beyond this a batch takes no more, unless it is one large record: the disk works meanwhile. */
  private static final int ENOUGH_BYTES = 256 << 10;

  private final int mostBytes;
  private final Gate gate;
  private byte[] array = new byte[START_BYTES];
  private int end = BatchFormat.HEADER_BYTES;
  private int count;
  private Group group;

  /** Who added last, as a number: a reference would keep a dead thread. */
  private int adder;

  private boolean shared;

  Stage(DiskOptions options, Gate gate) {
    this.mostBytes = BatchFormat.HEADER_BYTES + bodyMaxBytes(options);
    this.gate = gate;
    this.group = new Group(gate);
  }

  /** What became of all records of one batch. */
  static final class Group {

    final Gate gate;
    @Nullable DiskException failure;

    /** Written after the failure, and read before it. */
    volatile boolean done;

    Group(Gate gate) {
      this.gate = gate;
    }

    void settle(@Nullable DiskException outcome) {
      failure = outcome;
      done = true;
    }
  }

  Group group() {
    return group;
  }

  int count() {
    return count;
  }

  byte[] array() {
    return array;
  }

  int bodyBytes() {
    return end - BatchFormat.HEADER_BYTES;
  }

  /** How many bytes the batch takes in the file. */
  int sizeBytes() {
    return BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(bodyBytes());
  }

  boolean hasRoomFor(long bytes) {
    return end + bytes <= mostBytes;
  }

  /** At most about a quarter of a segment, so that any batch fits into an empty one. */
  static int bodyMaxBytes(DiskOptions options) {
    int enough = Math.min(ENOUGH_BYTES, options.segmentBytes() / 4);
    return Math.max(enough, BatchFormat.LENGTH_BYTES + options.recordMaxBytes());
  }

  /** Adds a record; nothing of it stays if it fails or does not keep its word about its size. */
  void add(Payload record) {
    int mark = end;
    int size = record.size();
    ensure(BatchFormat.LENGTH_BYTES + size);
    BatchFormat.putInt(array, end, size);
    end += BatchFormat.LENGTH_BYTES;
    boolean whole = false;
    try {
      record.writeTo(this);
      whole = end - mark == BatchFormat.LENGTH_BYTES + size;
    } catch (IOException e) {
      throw new IllegalStateException("record: failed to write itself", e);
    } finally {
      if (!whole) {
        end = mark;
      }
    }
    if (!whole) {
      throw new IllegalStateException("record: other than its size (expected: " + size + " bytes)");
    }
    count++;
  }

  /** Whether more than one thread has added to it and to the one before. */
  boolean isSharedWith(Stage before) {
    return shared || before.shared || (before.adder != 0 && before.adder != adder);
  }

  /** Takes note of who is about to add. */
  void note(Thread thread) {
    int number = System.identityHashCode(thread);
    shared |= adder != 0 && adder != number;
    adder = number;
  }

  /** Adds records, all or none. */
  void addAll(List<? extends Payload> records) {
    int countBefore = count;
    int endBefore = end;
    boolean all = false;
    try {
      records.forEach(this::add);
      all = true;
    } finally {
      if (!all) {
        count = countBefore;
        end = endBefore;
      }
    }
  }

  /** Fills up with zeros, over what an earlier batch left in the array. */
  void pad() {
    ensure(8);
    Arrays.fill(
        array, end, BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(bodyBytes()), (byte) 0);
  }

  /** Becomes empty, for records that have nothing to do with those before. */
  void restart() {
    count = 0;
    end = BatchFormat.HEADER_BYTES;
    adder = 0;
    shared = false;
    group = new Group(gate);
  }

  private void ensure(int more) {
    if (end + more > array.length) {
      int wanted = Math.max(end + more, Math.min(2 * array.length, mostBytes + 8));
      array = Arrays.copyOf(array, wanted);
    }
  }

  @Override
  public void write(int b) {
    ensure(1);
    array[end++] = (byte) b;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    ensure(length);
    System.arraycopy(from, offset, array, end, length);
    end += length;
  }
}
