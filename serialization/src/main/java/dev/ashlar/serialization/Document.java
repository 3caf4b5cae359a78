package dev.ashlar.serialization;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * What is checked before a parser sees the first byte: the size, and that it is UTF-8 throughout.
 *
 * <p>The parser takes encodings of characters that the standard forbids, such as two bytes for a
 * letter that fits one. Two readers who differ there see two documents in the same bytes.
 */
final class Document {

  private static final int WINDOW_CHARS = 1_024;
  private static final int BYTE_ORDER_MARK = 0xEF;

  private Document() {}

  static byte[] checked(Bytes bytes, Limits limits) {
    if (bytes.size() > limits.sizeBytes()) {
      Refusal refusal = Refusal.overLimit("sizeBytes", bytes.size(), limits.sizeBytes());
      throw new MalformedDataException(refusal.reason(), refusal.what());
    }
    if (!bytes.isEmpty() && (bytes.at(0) & 0xFF) == BYTE_ORDER_MARK) {
      throw new MalformedDataException(Reason.MALFORMED, "byte order mark, byte 0");
    }
    byte[] document = bytes.toArray();
    checkUtf8(document);
    return document;
  }

  private static void checkUtf8(byte[] document) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(document);
    CharBuffer window = CharBuffer.allocate(Math.min(WINDOW_CHARS, document.length + 1));
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      window.clear();
      result = decoder.decode(in, window, false);
    }
    if (result.isError()) {
      throw new MalformedDataException(Reason.MALFORMED, "no UTF-8, byte " + in.position());
    }
    if (in.hasRemaining()) {
      throw new MalformedDataException(
          Reason.TRUNCATED, "end of the data within a character, byte " + in.position());
    }
  }
}
