package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.messaging.disk.QueueLive.State;
import dev.ashlar.messaging.journal.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/*
 * A checkpoint is all that the queue has in hand at one moment, written beside whatever else goes on:
 *
 *   BEGIN  id u64; cursor u64; floor u64; passed u64; last u64; gaps u64; now i64
 *   PART   id u64; n x message                     as many as it takes
 *   BEYOND id u64; n x { number u64; attempts u32; spent u32 }
 *                                                  messages of the backlog that were delivered; with
 *                                                  -1 attempts: that are gone, or in hand
 *   END    id u64; count of PART and BEYOND u32; clean u8
 *
 *   message:  number u64; home u64; sent i64; time to live i64; due i64; first failure i64;
 *             last failure i64; attempts u32; spent u32; hash of its id u32; flags u8: 1 dead,
 *             2 lapsed, 4 in flight, 8 unreadable; length of the key u16; key UTF-8
 *
 *   cursor  the first record of the backlog        passed  the greatest number before it
 *   last    the greatest number that was given     gaps    how many of those between were refused
 *   floor   every record before it has had its effect on what is in hand
 *
 * Opening reads the last one that is whole, then replays what follows its floor. Some of that had its
 * effect before the checkpoint was taken; so every record can be replayed twice: it says how things
 * are, not by how much they change, and all that follows it is replayed as well.
 */
/** What a queue writes to be opened again without reading everything. */
final class QueueCheckpoint {

  static final int CLEAN = 1;
  private static final int IS_DEAD = 1;
  private static final int IS_LAPSED = 2;
  private static final int IS_IN_FLIGHT = 4;
  private static final int IS_UNREADABLE = 8;
  private static final int ENTRY_BYTES = 8 * 7 + 4 * 3 + 1 + 2;
  private static final int BEGIN_BYTES = 1 + 8 * 7;
  private static final int PART_START_BYTES = 9;
  private static final int BEYOND_BYTES = 16;

  private QueueCheckpoint() {}

  /** Where a checkpoint says that things stand. */
  record Marks(long id, long cursor, long floor, long passed, long last, long gaps, long now) {}

  static Payload begin(Marks marks) {
    return bytes(
        out -> {
          out.write(QueueRecord.head(QueueRecord.BEGIN));
          MessageFormat.putLong(out, marks.id());
          MessageFormat.putLong(out, marks.cursor());
          MessageFormat.putLong(out, marks.floor());
          MessageFormat.putLong(out, marks.passed());
          MessageFormat.putLong(out, marks.last());
          MessageFormat.putLong(out, marks.gaps());
          MessageFormat.putLong(out, marks.now());
        });
  }

  static Payload end(long id, int parts, boolean clean) {
    return bytes(
        out -> {
          out.write(QueueRecord.head(QueueRecord.END));
          MessageFormat.putLong(out, id);
          MessageFormat.putInt(out, parts);
          out.write(clean ? CLEAN : 0);
        });
  }

  /** Returns the messages in records of a bounded size; encoded now, for they change. */
  static List<Payload> parts(long id, Iterable<QueueLive> lives, int mostBytes) {
    List<Payload> parts = new ArrayList<>();
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    try {
      for (QueueLive live : lives) {
        if (part.size() > 0 && part.size() + ENTRY_BYTES + 512 > mostBytes) {
          parts.add(Payload.of(Bytes.owning(part.toByteArray())));
          part.reset();
        }
        if (part.size() == 0) {
          part.write(QueueRecord.head(QueueRecord.PART));
          MessageFormat.putLong(part, id);
        }
        put(part, live);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("array: cannot be written to", e);
    }
    if (part.size() > 0) {
      parts.add(Payload.of(Bytes.owning(part.toByteArray())));
    }
    return parts;
  }

  /** Returns what is known of messages beyond the cursor, in records of a bounded size. */
  static List<Payload> beyond(long id, QueuePassed passed, int mostBytes) {
    List<Payload> parts = new ArrayList<>();
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    passed.forEach(
        (seq, attempts, spent) -> {
          if (part.size() > 0 && part.size() + BEYOND_BYTES > mostBytes) {
            parts.add(Payload.of(Bytes.owning(part.toByteArray())));
            part.reset();
          }
          put(part, id, seq, attempts, spent);
        });
    if (part.size() > 0) {
      parts.add(Payload.of(Bytes.owning(part.toByteArray())));
    }
    return parts;
  }

  private static void put(ByteArrayOutputStream out, long id, long seq, int attempts, int spent) {
    try {
      if (out.size() == 0) {
        out.write(QueueRecord.head(QueueRecord.BEYOND));
        MessageFormat.putLong(out, id);
      }
      MessageFormat.putLong(out, seq);
      MessageFormat.putInt(out, attempts);
      MessageFormat.putInt(out, spent);
    } catch (IOException e) {
      throw new UncheckedIOException("array: cannot be written to", e);
    }
  }

  static void readBeyond(byte[] array, int at, int length, QueuePassed passed) {
    int end = at + length - BEYOND_BYTES;
    for (int i = at + PART_START_BYTES; i <= end; i += BEYOND_BYTES) {
      passed.restore(
          QueueRecord.i64(array, i), QueueRecord.i32(array, i + 8), QueueRecord.i32(array, i + 12));
    }
  }

  private static void put(ByteArrayOutputStream out, QueueLive live) throws IOException {
    MessageFormat.putLong(out, live.seq);
    MessageFormat.putLong(out, live.home);
    MessageFormat.putLong(out, live.sent);
    MessageFormat.putLong(out, live.timeToLive);
    MessageFormat.putLong(out, live.due);
    MessageFormat.putLong(out, live.firstFailure);
    MessageFormat.putLong(out, live.lastFailure);
    MessageFormat.putInt(out, live.attempts);
    MessageFormat.putInt(out, live.spent);
    MessageFormat.putInt(out, live.idHash);
    out.write(flags(live));
    String key = live.key == null ? "" : live.key;
    MessageFormat.putShort(out, MessageFormat.utf8Bytes(key));
    MessageFormat.putText(out, key);
  }

  private static int flags(QueueLive live) {
    State state = live.state == State.CHANGING ? live.before : live.state;
    return (state == State.DEAD ? IS_DEAD : 0)
        | (live.lapsed ? IS_LAPSED : 0)
        | (state == State.IN_FLIGHT ? IS_IN_FLIGHT : 0)
        | (live.fault == null ? 0 : IS_UNREADABLE);
  }

  @FunctionalInterface
  private interface Writing {
    void writeTo(ByteArrayOutputStream out) throws IOException;
  }

  private static Payload bytes(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    try {
      writing.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("array: cannot be written to", e);
    }
    return Payload.of(Bytes.owning(out.toByteArray()));
  }

  /** The id of the checkpoint that a record belongs to. */
  static long id(byte[] array, int at, int length) {
    need(length, PART_START_BYTES);
    return QueueRecord.i64(array, at + 1);
  }

  static Marks marks(byte[] array, int at, int length) {
    need(length, BEGIN_BYTES);
    return new Marks(
        QueueRecord.i64(array, at + 1),
        QueueRecord.i64(array, at + 9),
        QueueRecord.i64(array, at + 17),
        QueueRecord.i64(array, at + 25),
        QueueRecord.i64(array, at + 33),
        QueueRecord.i64(array, at + 41),
        QueueRecord.i64(array, at + 49));
  }

  static int countOfParts(byte[] array, int at, int length) {
    need(length, PART_START_BYTES + 5);
    return QueueRecord.i32(array, at + 9);
  }

  static boolean isClean(byte[] array, int at, int length) {
    need(length, PART_START_BYTES + 5);
    return array[at + 13] == CLEAN;
  }

  /** Reads the messages of a part; one that is dead has that state, all others none yet. */
  static void readPart(byte[] array, int at, int length, Consumer<QueueLive> each) {
    int next = at + PART_START_BYTES;
    int end = at + length;
    while (next < end) {
      need(end - next, ENTRY_BYTES);
      int keyBytes =
          ((array[next + ENTRY_BYTES - 2] & 0xFF) << 8) | (array[next + ENTRY_BYTES - 1] & 0xFF);
      need(end - next, ENTRY_BYTES + keyBytes);
      String key = new String(array, next + ENTRY_BYTES, keyBytes, StandardCharsets.UTF_8);
      each.accept(live(array, next, key));
      next += ENTRY_BYTES + keyBytes;
    }
  }

  private static QueueLive live(byte[] array, int at, String key) {
    QueueLive live =
        new QueueLive(
            QueueRecord.i64(array, at),
            QueueRecord.i64(array, at + 16),
            QueueRecord.i64(array, at + 24),
            QueueRecord.i32(array, at + 64),
            key.isEmpty() ? null : key);
    int flags = array[at + 68];
    boolean inFlight = (flags & IS_IN_FLIGHT) != 0;
    live.home = QueueRecord.i64(array, at + 8);
    live.due = inFlight ? live.sent : QueueRecord.i64(array, at + 32);
    live.firstFailure = QueueRecord.i64(array, at + 40);
    live.lastFailure = QueueRecord.i64(array, at + 48);
    live.attempts = QueueRecord.i32(array, at + 56);
    live.spent = QueueRecord.i32(array, at + 60);
    live.lapsed = inFlight || (flags & IS_LAPSED) != 0;
    live.fault = (flags & IS_UNREADABLE) == 0 ? null : "unreadable";
    live.state = (flags & IS_DEAD) == 0 ? State.GONE : State.DEAD;
    return live;
  }

  private static void need(int length, int least) {
    if (length < least) {
      throw new MalformedDataException(
          Reason.TRUNCATED, "checkpoint: " + length + " bytes (expected: at least " + least + ")");
    }
  }
}
