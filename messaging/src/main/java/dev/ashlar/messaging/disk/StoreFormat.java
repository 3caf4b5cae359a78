package dev.ashlar.messaging.disk;

import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/*
 * One event. Numbers are big-endian; a varint is LEB128, seven bits at a time, the lowest first.
 *
 *    0 'S'            1 version, u8: 1        2 what there is, u8: 1 the root part
 *    3 number of the record in the journal, u64
 *   11 position of the event in its stream, u64
 *   19 key of the event's id, 16 bytes
 *   35 length of the stream's name, u8; name
 *      length of the type, u8; type
 *      path by position, path by id
 *      root part: count of events in the store, varint; path by stream
 *      id, headers, payload and moment: a message (MessageFormat), to the last byte
 *
 *   path: count, u8; count x { level, u8; this record's number minus the target's, varint }
 *
 * A record says which number it was written for. If the journal gave it another one, because what
 * came before it failed meanwhile, its path leads to records that are not there: it is void.
 */
/** Events as records of the journal. */
final class StoreFormat {

  static final int KIND = 'S';
  static final int VERSION = 1;

  /** What there can be beside payload and headers, with three paths of every level. */
  static final int OVERHEAD_MAX_BYTES = 36 + 3 * 64 + 10 + 3 * StoreKey.BITS * 11;

  private static final int STREAM_AT = 35;
  private static final int IS_ROOT = 1;

  private StoreFormat() {}

  /** A record that was read. */
  record Stored(StoreNode node, Recorded recorded) {}

  /** Makes the record of an event. */
  static Payload payload(StoreNode node, Event event, Instant recordedAt) {
    byte[] head = head(node, event.type());
    Message message =
        new Message(
            event.id(), Optional.empty(), event.headers(), event.payload(), Optional.empty());
    long stamp = stamp(recordedAt);
    int size = head.length + MessageFormat.sizeBytes(message);
    return new Payload() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        out.write(head, 0, head.length);
        MessageFormat.write(message, stamp, out);
      }
    };
  }

  /** A moment within the 292 years around 1970 that a long holds in nanoseconds. */
  private static long stamp(Instant moment) {
    return Math.addExact(
        Math.multiplyExact(moment.getEpochSecond(), 1_000_000_000L), moment.getNano());
  }

  private static byte[] head(StoreNode node, String type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(160);
    out.write(KIND);
    out.write(VERSION);
    out.write(node.root().isRoot() ? IS_ROOT : 0);
    putLong(out, node.number());
    putLong(out, node.position());
    putLong(out, node.idKey().high());
    putLong(out, node.idKey().low());
    putText(out, node.stream());
    putText(out, type);
    putPath(out, node.number(), node.positions());
    putPath(out, node.number(), node.ids());
    if (node.root().isRoot()) {
      putVarint(out, node.root().stored());
      putPath(out, node.number(), node.root().streams());
    }
    return out.toByteArray();
  }

  private static void putPath(ByteArrayOutputStream out, long number, StorePath path) {
    out.write(path.size());
    for (int i = 0; i < path.size(); i++) {
      out.write(path.level(i));
      putVarint(out, number - path.target(i));
    }
  }

  private static void putLong(ByteArrayOutputStream out, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }

  private static void putVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest >= 0x80) {
      out.write((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static void putText(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    out.write(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  /** Whether a record is void: the number it was written for is not the one it has. */
  static boolean isVoid(long number, byte[] array, int offset, int length) {
    return new Reading(array, offset, length).number() != number;
  }

  /** Whether a record belongs to a stream, before anything else of it is read. */
  static boolean isOf(String stream, byte[] array, int offset, int length) {
    int at = offset + STREAM_AT;
    if (length < STREAM_AT + 1 + stream.length() || array[at] != stream.length()) {
      return false;
    }
    for (int i = 0; i < stream.length(); i++) {
      if (array[at + 1 + i] != stream.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Reads what leads to other records. */
  static StoreNode node(byte[] array, int offset, int length, StoreKey.Hash hash) {
    return new Reading(array, offset, length).node(hash);
  }

  /** Reads all of a record; the bytes are copied. */
  static Stored stored(byte[] array, int offset, int length, StoreKey.Hash hash) {
    Reading in = new Reading(array, offset, length);
    StoreNode node = in.node(hash);
    MessageFormat.Stamped read = MessageFormat.read(array, in.at, offset + length - in.at);
    Message message = read.message();
    Event event = event(message, in.type);
    Instant moment =
        Instant.ofEpochSecond(
            Math.floorDiv(read.stamp(), 1_000_000_000L),
            Math.floorMod(read.stamp(), 1_000_000_000L));
    return new Stored(node, new Recorded(node.position(), moment, event));
  }

  private static Event event(Message message, String type) {
    try {
      return new Event(message.id(), type, message.headers(), message.payload());
    } catch (IllegalArgumentException e) {
      throw new MalformedDataException(Reason.INVALID_VALUE, "event: " + e.getMessage(), e);
    }
  }

  /** Where a reader is in the bytes of one record. */
  private static final class Reading {
    private final byte[] array;
    private final int end;
    private int at;
    private int flags;
    private String type = "";

    Reading(byte[] array, int offset, int length) {
      this.array = array;
      this.at = offset;
      this.end = offset + length;
    }

    long number() {
      if (u8() != KIND) {
        throw new MalformedDataException(
            Reason.MALFORMED, "record: of another kind (expected: an event of an event store)");
      }
      int version = u8();
      if (version != VERSION) {
        throw new MalformedDataException(
            Reason.UNSUPPORTED_VERSION,
            "event: version " + version + " (expected: 1 to " + VERSION + ")");
      }
      flags = u8();
      return i64();
    }

    StoreNode node(StoreKey.Hash hash) {
      long number = number();
      long position = i64();
      if (position < 1) {
        throw new MalformedDataException(Reason.INVALID_VALUE, "event: position " + position);
      }
      StoreKey idKey = new StoreKey(i64(), i64());
      String stream = text();
      type = text();
      StorePath positions = path(number);
      StorePath ids = path(number);
      StoreNode.Root root =
          (flags & IS_ROOT) == 0
              ? StoreNode.Root.NOT
              : new StoreNode.Root(true, varint(), path(number));
      return new StoreNode(
          number, position, stream, hash.apply(stream), idKey, positions, ids, root);
    }

    private StorePath path(long number) {
      int count = u8();
      byte[] levels = new byte[count];
      long[] targets = new long[count];
      for (int i = 0; i < count; i++) {
        levels[i] = (byte) u8();
        targets[i] = number - varint();
      }
      return count == 0 ? StorePath.EMPTY : new StorePath(levels, targets);
    }

    private String text() {
      int length = u8();
      need(length);
      String text = new String(array, at, length, StandardCharsets.US_ASCII);
      at += length;
      return text;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = u8();
        value |= (long) (next & 0x7f) << shift;
        if (next < 0x80) {
          return value;
        }
      }
      throw new MalformedDataException(Reason.MALFORMED, "event: number without end");
    }

    private long i64() {
      long value = 0;
      for (int i = 0; i < 8; i++) {
        value = value << 8 | u8();
      }
      return value;
    }

    private int u8() {
      need(1);
      return array[at++] & 0xff;
    }

    private void need(int bytes) {
      if (bytes > end - at) {
        throw new MalformedDataException(Reason.TRUNCATED, "event: ends too early");
      }
    }
  }
}
