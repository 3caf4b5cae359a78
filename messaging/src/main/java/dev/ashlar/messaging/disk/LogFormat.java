package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.LogOptions;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/*
 * What a log writes into its journal. Numbers are big-endian. The first byte is the kind; whoever
 * changes a form gives it another kind, and goes on reading all that were.
 *
 *   message     'm' partition, u16; MessageFormat, stamped with nanoseconds since 1970
 *   commit      'c' partition, u16; place; name of the group, to the end
 *   group       'g' n, u16; n x place, one for each partition; name of the group, to the end
 *   forget      'f' name of the group, to the end
 *   checkpoint  'k' covers, i64: all records before this number; part, u16; parts, u16; bytes, to
 *               the end, see LogCheckpoints
 *
 *   place       number, i64; ordinal, i64, or -1
 *
 * Commits and groups only ever move places forwards, so neither their order nor a second copy of one
 * matters, up to where their group is forgotten: LogForgetting keeps them apart from that.
 */
/** The records of a log's journal: values in, bytes out, and back. */
final class LogFormat {

  static final byte MESSAGE = 'm';
  static final byte COMMIT = 'c';
  static final byte GROUP = 'g';
  static final byte FORGET = 'f';
  static final byte CHECKPOINT = 'k';

  static final int MESSAGE_HEADER_BYTES = 3;
  static final int CHECKPOINT_HEADER_BYTES = 13;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Where in a message's record its stamp stands, see {@link MessageFormat}. */
  private static final int STAMP_AT = MESSAGE_HEADER_BYTES + 4;

  /** The ids of all partitions that there may be, made once and not for each record. */
  private static final String[] IDS = new String[LogOptions.PARTITIONS_MAX];

  static {
    for (int i = 0; i < IDS.length; i++) {
      IDS[i] = Integer.toString(i);
    }
  }

  private LogFormat() {}

  /** The id of a partition. */
  static String id(int partition) {
    return IDS[partition];
  }

  /** How many bytes a message takes. */
  static int sizeBytes(Message message) {
    return MESSAGE_HEADER_BYTES + MessageFormat.sizeBytes(message);
  }

  /** Writes a message, as many bytes as {@link #sizeBytes} says. */
  static void write(int partition, Message message, long stamp, OutputStream out)
      throws IOException {
    out.write(MESSAGE);
    out.write(partition >>> 8);
    out.write(partition);
    MessageFormat.write(message, stamp, out);
  }

  static byte[] commit(int partition, LogPlace place, String group) {
    byte[] name = group.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(19 + name.length);
    out.put(COMMIT).putShort((short) partition).putLong(place.number()).putLong(place.ordinal());
    return out.put(name).array();
  }

  static byte[] group(LogPlace[] places, String group) {
    byte[] name = group.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(3 + 16 * places.length + name.length);
    out.put(GROUP).putShort((short) places.length);
    for (LogPlace place : places) {
      out.putLong(place.number()).putLong(place.ordinal());
    }
    return out.put(name).array();
  }

  static byte[] forget(String group) {
    byte[] name = group.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + name.length).put(FORGET).put(name).array();
  }

  static byte[] checkpoint(long covers, int part, int parts, byte[] bytes) {
    ByteBuffer out = ByteBuffer.allocate(CHECKPOINT_HEADER_BYTES + bytes.length);
    out.put(CHECKPOINT).putLong(covers).putShort((short) part).putShort((short) parts);
    return out.put(bytes).array();
  }

  /** The partition of a message or commit, or how many places a group has. */
  static int partition(byte[] record, int offset) {
    return ((record[offset + 1] & 0xff) << 8) | (record[offset + 2] & 0xff);
  }

  static long stamp(byte[] record, int offset) {
    return (long) LONG.get(record, offset + STAMP_AT);
  }

  static Message message(byte[] record, int offset, int length) {
    return MessageFormat.read(record, offset + MESSAGE_HEADER_BYTES, length - MESSAGE_HEADER_BYTES)
        .message();
  }

  /** The place at an index of a commit, which has one at 3, or of a group. */
  static LogPlace place(byte[] record, int at) {
    ByteBuffer in = ByteBuffer.wrap(record);
    return new LogPlace(in.getLong(at), in.getLong(at + 8));
  }

  static String name(byte[] record, int from) {
    return new String(record, from, record.length - from, StandardCharsets.US_ASCII);
  }

  static long nanosOf(Instant moment) {
    return moment.getEpochSecond() * 1_000_000_000L + moment.getNano();
  }

  static Instant instantOf(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }

  /** What stands there, this version of the library has not written. */
  static BackendException unreadable(String what, long number) {
    return new BackendException(
        "record " + number + " of the journal: " + what, Effect.NONE, new Advice.Permanent(), null);
  }

  /** Bytes that are gathered in memory, where writing cannot fail. */
  static byte[] gather(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes something. */
  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  static byte[] slice(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }
}
