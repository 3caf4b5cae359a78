package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/*
 * A message and the moment of its sending. Numbers are big-endian, texts UTF-8.
 *
 *    0 version, u8: 1
 *    1 what there is, u8: 1 a key, 2 a time to live
 *    2 length of the id, u8           3 count of headers, u8
 *    4 stamp, i64: the moment of sending in the unit and by the clock of whoever writes
 *   12 time to live in nanoseconds, i64, if there is one
 *      id
 *      length of the key, u16; key, if there is one
 *      count x { length of the name, u8; name; length of the value, u16; value }
 *      length of the payload, u32; payload, to the last byte
 *
 * The form is canonical but for the case of header names: one message, one run of bytes. Whoever
 * changes it raises the version, and goes on reading all that were.
 */
/** Messages as bytes, for the records of disk engines. */
final class MessageFormat {

  static final int VERSION = 1;

  private static final int FIXED_BYTES = 12;
  private static final int HAS_KEY = 1;
  private static final int HAS_TIME_TO_LIVE = 2;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private MessageFormat() {}

  /**
   * A message that was read.
   *
   * @param stamp the moment of sending, as it was written
   */
  record Stamped(Message message, long stamp) {}

  /** Returns how many bytes a message takes. */
  static int sizeBytes(Message message) {
    int size = FIXED_BYTES + message.id().value().length() + 4 + message.payload().size();
    if (message.timeToLive().isPresent()) {
      size += 8;
    }
    if (message.key().isPresent()) {
      size += 2 + utf8Bytes(message.key().get());
    }
    return message.headers().size() == 0 ? size : size + headerBytes(message.headers());
  }

  static int headerBytes(Headers headers) {
    int[] size = new int[1];
    headers.forEach((name, value) -> size[0] += 3 + name.length() + utf8Bytes(value));
    return size[0];
  }

  /** Writes as many bytes as {@link #sizeBytes} says. */
  static void write(Message message, long stamp, OutputStream out) throws IOException {
    out.write(VERSION);
    out.write(
        (message.key().isPresent() ? HAS_KEY : 0)
            | (message.timeToLive().isPresent() ? HAS_TIME_TO_LIVE : 0));
    out.write(message.id().value().length());
    out.write(message.headers().size());
    putLong(out, stamp);
    if (message.timeToLive().isPresent()) {
      putLong(out, message.timeToLive().get().toNanos());
    }
    putText(out, message.id().value());
    if (message.key().isPresent()) {
      putShort(out, utf8Bytes(message.key().get()));
      putText(out, message.key().get());
    }
    if (message.headers().size() > 0) {
      putHeaders(out, message.headers());
    }
    putInt(out, message.payload().size());
    message.payload().writeTo(out);
  }

  private static void putHeaders(OutputStream out, Headers headers) throws IOException {
    try {
      headers.forEach((name, value) -> putHeader(out, name, value));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void putHeader(OutputStream out, String name, String value) {
    try {
      out.write(name.length());
      putText(out, name);
      putShort(out, utf8Bytes(value));
      putText(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void putLong(OutputStream out, long value) throws IOException {
    putInt(out, (int) (value >>> 32));
    putInt(out, (int) value);
  }

  static void putInt(OutputStream out, int value) throws IOException {
    putShort(out, value >>> 16);
    putShort(out, value);
  }

  static void putShort(OutputStream out, int value) throws IOException {
    out.write(value >>> 8);
    out.write(value);
  }

  /** How many bytes a text takes whose surrogates come in pairs, as those of messages do. */
  static int utf8Bytes(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Each half of a pair counts two.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }

  static void putText(OutputStream out, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out.write(c);
      } else if (Character.isHighSurrogate(c)) {
        putCodePoint(out, text.codePointAt(i));
        i++;
      } else {
        putCodePoint(out, c);
      }
    }
  }

  private static void putCodePoint(OutputStream out, int c) throws IOException {
    if (c < 0x800) {
      out.write(0xC0 | (c >>> 6));
    } else {
      if (c < 0x10000) {
        out.write(0xE0 | (c >>> 12));
      } else {
        out.write(0xF0 | (c >>> 18));
        out.write(0x80 | ((c >>> 12) & 0x3F));
      }
      out.write(0x80 | ((c >>> 6) & 0x3F));
    }
    out.write(0x80 | (c & 0x3F));
  }

  /**
   * Reads a message.
   *
   * @param array where it stands, copied from
   * @param length of the message, to its last byte
   * @throws MalformedDataException for anything that {@link #write} does not write
   */
  static Stamped read(byte[] array, int offset, int length) {
    return new Reading(array, offset, length).stamped();
  }

  /** Returns the stamp of a message without reading the rest; 0 if there is none. */
  static long stamp(byte[] array, int offset, int length) {
    return length < FIXED_BYTES ? 0 : (long) LONG.get(array, offset + 4);
  }

  /** Where a reader is in the bytes of one message. */
  private static final class Reading {
    private final byte[] array;
    private final int end;
    private int at;

    Reading(byte[] array, int offset, int length) {
      this.array = array;
      this.at = offset;
      this.end = offset + length;
    }

    Stamped stamped() {
      need(FIXED_BYTES);
      int version = u8();
      if (version != VERSION) {
        throw new MalformedDataException(
            Reason.UNSUPPORTED_VERSION,
            "message: version " + version + " (expected: 1 to " + VERSION + ")");
      }
      int flags = u8();
      if ((flags & ~(HAS_KEY | HAS_TIME_TO_LIVE)) != 0) {
        throw new MalformedDataException(Reason.MALFORMED, "message: unknown flags " + flags);
      }
      int idBytes = u8();
      int headers = u8();
      long stamp = i64();
      try {
        return new Stamped(message(flags, idBytes, headers), stamp);
      } catch (IllegalArgumentException e) {
        // The exception names the bound that was broken, never the value.
        throw new MalformedDataException(Reason.INVALID_VALUE, "message: " + e.getMessage(), e);
      }
    }

    private Message message(int flags, int idBytes, int headers) {
      Optional<Duration> timeToLive =
          (flags & HAS_TIME_TO_LIVE) == 0
              ? Optional.empty()
              : Optional.of(Duration.ofNanos(i64Checked()));
      MessageId id = new MessageId(text(idBytes));
      Optional<String> key =
          (flags & HAS_KEY) == 0 ? Optional.empty() : Optional.of(text(u16Checked()));
      Headers all = Headers.empty();
      for (int i = 0; i < headers; i++) {
        need(1);
        String name = text(u8());
        all = all.plus(name, text(u16Checked()));
      }
      return new Message(id, key, all, payload(), timeToLive);
    }

    private Bytes payload() {
      need(4);
      int size = (u16() << 16) | u16();
      if (size < 0 || size > end - at) {
        throw truncated();
      }
      if (size < end - at) {
        throw new MalformedDataException(
            Reason.TRAILING_DATA, "message: " + (end - at - size) + " bytes behind its end");
      }
      return Bytes.owning(Arrays.copyOfRange(array, at, end));
    }

    private String text(int bytes) {
      need(bytes);
      String text = new String(array, at, bytes, StandardCharsets.UTF_8);
      if (text.indexOf('\uFFFD') >= 0) {
        // It may stand there by right; the strict decoder knows.
        text = Bytes.owning(Arrays.copyOfRange(array, at, at + bytes)).toUtf8();
      }
      at += bytes;
      return text;
    }

    private void need(int bytes) {
      if (bytes > end - at) {
        throw truncated();
      }
    }

    private MalformedDataException truncated() {
      return new MalformedDataException(Reason.TRUNCATED, "message: ends too early");
    }

    private int u8() {
      return array[at++] & 0xFF;
    }

    private int u16() {
      return (u8() << 8) | u8();
    }

    private int u16Checked() {
      need(2);
      return u16();
    }

    private long i64() {
      long value = (long) LONG.get(array, at);
      at += 8;
      return value;
    }

    private long i64Checked() {
      need(8);
      return i64();
    }
  }
}
