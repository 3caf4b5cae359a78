package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.journal.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/*
 * The records of a queue. Each begins with one byte: the version (1) in its upper half, the kind in
 * its lower half. Numbers are big-endian; moments are nanoseconds of queue time (QueueClock), those
 * of failures nanoseconds of the epoch. A message's number is its identity and its place; it is not
 * the number of its record, which changes when it is written again.
 *
 *   1 SENT      number u64; due i64; message            accepted: it waits in the order of numbers
 *   2 HANDED    n x { number u64; attempts u32; spent u32 }
 *                                                       delivered, or given back
 *   3 DONE      n x number u64                          gone: settled as done, or discarded
 *   4 WAITING   state; message                          waits again: after a retry, or redriven
 *                                                       before what is parked behind it
 *   5 DEAD      state; message                          set aside
 *   6 RETURNED  state; message                          redriven: waits in the order of numbers, as
 *                                                       one that was sent now; it was dead as `old`
 *   7 MOVED     state; message                          nothing new: a copy, so that the old home can
 *                                                       be forgotten; counts if it is not gone yet
 *   8 BEGIN     checkpoint, see QueueCheckpoint
 *   9 PART
 *  10 END
 *  11 BEYOND
 *
 *   state:  number u64; old u64; due i64; first failure i64; last failure i64; attempts u32;
 *           spent u32; dead u8; length of the cause u16; cause UTF-8
 *   message: MessageFormat, its stamp the moment of sending
 */
/** What a queue writes into its journal. */
final class QueueRecord {

  static final int SENT = 1;
  static final int HANDED = 2;
  static final int DONE = 3;
  static final int WAITING = 4;
  static final int DEAD = 5;
  static final int RETURNED = 6;
  static final int MOVED = 7;
  static final int BEGIN = 8;
  static final int PART = 9;
  static final int END = 10;
  static final int BEYOND = 11;

  static final int SENT_BYTES = 17;
  static final int HANDED_BYTES = 16;
  private static final int STATE_BYTES = 1 + 8 * 5 + 4 * 2 + 1 + 2;

  /** What a record may take beside the message that it is about. */
  static final int EXTRA_MAX_BYTES = STATE_BYTES + 3 * Outcome.TEXT_MAX;

  private static final int VERSION = 0x10;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private QueueRecord() {}

  /**
   * What a message has been through.
   *
   * @param old the number under which it was dead, if it got another one; otherwise 0
   */
  record State(
      long seq,
      long old,
      long due,
      long firstFailure,
      long lastFailure,
      int attempts,
      int spent,
      boolean dead,
      String cause) {

    static State of(QueueLive live, String cause) {
      return new State(
          live.seq,
          0,
          live.due,
          live.firstFailure,
          live.lastFailure,
          live.attempts,
          live.spent,
          live.state == QueueLive.State.DEAD,
          cause);
    }

    /** The same, due at another moment. */
    State at(long changed) {
      return new State(seq, old, changed, firstFailure, lastFailure, attempts, spent, dead, cause);
    }

    /** The same, set aside. */
    State asDead() {
      return new State(seq, old, due, firstFailure, lastFailure, attempts, spent, true, cause);
    }

    /** The same with all its attempts again. */
    State revived(long now) {
      return new State(seq, old, now, firstFailure, 0, attempts, 0, false, cause);
    }
  }

  /**
   * A message as a record has it.
   *
   * @param fault what could not be read; then the message is a stand-in with the raw bytes
   */
  record Stored(Message message, long sent, String fault) {}

  static int head(int kind) {
    return VERSION | kind;
  }

  /** Returns the kind of a record. */
  static int kind(byte[] array, int at, int length) {
    if (length == 0) {
      throw new MalformedDataException(Reason.TRUNCATED, "record: empty");
    }
    int version = array[at] & 0xF0;
    int kind = array[at] & 0x0F;
    if (version != VERSION) {
      throw new MalformedDataException(
          Reason.UNSUPPORTED_VERSION,
          "record: version " + (version >> 4) + " (expected: " + (VERSION >> 4) + ")");
    }
    if (kind < SENT || kind > BEYOND) {
      throw new MalformedDataException(Reason.UNKNOWN_FORMAT, "record: unknown kind " + kind);
    }
    need(length, kind == SENT ? SENT_BYTES : kind >= WAITING && kind <= MOVED ? STATE_BYTES : 1);
    return kind;
  }

  private static void need(int length, int least) {
    if (length < least) {
      throw new MalformedDataException(
          Reason.TRUNCATED, "record: " + length + " bytes (expected: at least " + least + ")");
    }
  }

  static long i64(byte[] array, int at) {
    return (long) LONG.get(array, at);
  }

  static int i32(byte[] array, int at) {
    return (int) INT.get(array, at);
  }

  /** The number of the message that a record with a message is about. */
  static long seq(byte[] array, int at) {
    return i64(array, at + 1);
  }

  static long due(byte[] array, int at) {
    return i64(array, at + 9);
  }

  static State state(byte[] array, int at, int length) {
    int causeBytes = causeBytes(array, at, length);
    return new State(
        i64(array, at + 1),
        i64(array, at + 9),
        i64(array, at + 17),
        i64(array, at + 25),
        i64(array, at + 33),
        i32(array, at + 41),
        i32(array, at + 45),
        array[at + 49] != 0,
        new String(array, at + STATE_BYTES, causeBytes, StandardCharsets.UTF_8));
  }

  private static int causeBytes(byte[] array, int at, int length) {
    int bytes = ((array[at + 50] & 0xFF) << 8) | (array[at + 51] & 0xFF);
    need(length, STATE_BYTES + bytes);
    return bytes;
  }

  /** Reads the message of a record that has one. */
  static Stored stored(byte[] array, int at, int length) {
    int kind = kind(array, at, length);
    int skip = kind == SENT ? SENT_BYTES : STATE_BYTES + causeBytes(array, at, length);
    try {
      MessageFormat.Stamped read = MessageFormat.read(array, at + skip, length - skip);
      return new Stored(read.message(), read.stamp(), "");
    } catch (MalformedDataException e) {
      Bytes raw = Bytes.owning(Arrays.copyOfRange(array, at + skip, at + length));
      return new Stored(
          Message.of(new MessageId("unreadable-" + seq(array, at)), raw),
          0,
          "unreadable: " + e.reason() + ": " + e.getMessage());
    }
  }

  /** A message that is accepted; it gets its number when it gets its place in the journal. */
  static final class Sent implements Payload {
    private final QueueNumbers numbers;
    private final Message message;
    private final long due;
    private final long now;
    private final int size;

    /** Written under the journal's lock, before the ticket is given out that others look for. */
    private long seq;

    Sent(QueueNumbers numbers, Message message, long due, long now) {
      this.numbers = numbers;
      this.message = message;
      this.due = due;
      this.now = now;
      this.size = SENT_BYTES + MessageFormat.sizeBytes(message);
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      seq = numbers.next();
      out.write(head(SENT));
      MessageFormat.putLong(out, seq);
      MessageFormat.putLong(out, due);
      MessageFormat.write(message, now, out);
    }

    /** Whether it has got a number, above another one. */
    boolean isNumberedAbove(long other) {
      return seq > other;
    }
  }

  /** A message with its history. */
  static final class Snapshot implements Payload {
    private final int kind;
    private final State state;
    private final Stored stored;
    private final QueueNumbers numbers;

    /**
     * Makes a record.
     *
     * @param numbers gives a {@link #RETURNED} message its new number
     */
    Snapshot(int kind, State state, Stored stored, QueueNumbers numbers) {
      this.kind = kind;
      this.state = state;
      this.stored = stored;
      this.numbers = numbers;
    }

    @Override
    public int size() {
      return STATE_BYTES
          + MessageFormat.utf8Bytes(printable(state.cause()))
          + MessageFormat.sizeBytes(stored.message());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      String cause = printable(state.cause());
      out.write(head(kind));
      MessageFormat.putLong(out, kind == RETURNED ? numbers.next() : state.seq());
      MessageFormat.putLong(out, kind == RETURNED ? state.seq() : state.old());
      MessageFormat.putLong(out, state.due());
      MessageFormat.putLong(out, state.firstFailure());
      MessageFormat.putLong(out, state.lastFailure());
      MessageFormat.putInt(out, state.attempts());
      MessageFormat.putInt(out, state.spent());
      out.write(state.dead() ? 1 : 0);
      MessageFormat.putShort(out, MessageFormat.utf8Bytes(cause));
      MessageFormat.putText(out, cause);
      MessageFormat.write(stored.message(), stored.sent(), out);
    }

    /** Causes come from handlers, which may have cut them in the middle of a pair. */
    private static String printable(String cause) {
      if (cause.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
        return cause;
      }
      StringBuilder text = new StringBuilder(cause.length());
      cause
          .codePoints()
          .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
          .forEach(text::appendCodePoint);
      return text.toString();
    }
  }

  /** Messages that are gone. */
  record Done(List<QueueLive> lives) implements Payload {

    @Override
    public int size() {
      return 1 + 8 * lives.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(head(DONE));
      for (int i = 0; i < lives.size(); i++) {
        MessageFormat.putLong(out, lives.get(i).seq);
      }
    }
  }
}
