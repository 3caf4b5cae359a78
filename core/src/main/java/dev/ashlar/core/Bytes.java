package dev.ashlar.core;

import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Checksum;

/**
 * A run of bytes that never changes.
 *
 * <p>Payloads pass through many hands; a value that nobody can change needs no copy at each of
 * them. {@link #slice} shares memory with the whole, and keeps the whole alive.
 *
 * <p><b>Guarantees.</b> Equality and hash are by content. {@link #toString} shows the size only, so
 * a payload cannot slip into a log.
 *
 * <p><b>Failures.</b> {@link IndexOutOfBoundsException} for positions outside.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> Up to what one Java array holds. Hashing and comparing read every byte.
 */
public final class Bytes {

  private static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int size;

  private Bytes(byte[] array, int offset, int size) {
    this.array = array;
    this.offset = offset;
    this.size = size;
  }

  /** Returns no bytes. */
  public static Bytes empty() {
    return EMPTY;
  }

  /** Returns a copy of an array's content. */
  public static Bytes copyOf(byte[] source) {
    return source.length == 0 ? EMPTY : new Bytes(source.clone(), 0, source.length);
  }

  /**
   * Returns the content of an array without copying it.
   *
   * @param array from now on owned by the result: whoever changes it breaks every reader
   */
  public static Bytes owning(byte[] array) {
    requireNonNull(array, "array");
    return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
  }

  /**
   * Returns the UTF-8 form of a text.
   *
   * @throws IllegalArgumentException if the text has a surrogate without its partner
   */
  public static Bytes utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] array = new byte[encoded.remaining()];
      encoded.get(array);
      return owning(array);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text: unpaired surrogate (expected: valid UTF-16)", e);
    }
  }

  /** Returns how many bytes there are. */
  public int size() {
    return size;
  }

  /** Returns whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Returns one byte. */
  public byte at(int index) {
    return array[offset + checkIndex(index, size)];
  }

  /** Returns the bytes from {@code from} up to, not including, {@code to}; shares memory. */
  public Bytes slice(int from, int to) {
    checkFromToIndex(from, to, size);
    if (from == to) {
      return EMPTY;
    }
    return to - from == size ? this : new Bytes(array, offset + from, to - from);
  }

  /** Returns a copy as an array. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + size);
  }

  /** Returns a read-only view. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(array, offset, size).slice().asReadOnlyBuffer();
  }

  /** Writes all bytes to a stream. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(array, offset, size);
  }

  /** Feeds all bytes to a checksum. */
  public void addTo(Checksum checksum) {
    checksum.update(array, offset, size);
  }

  /**
   * Returns the text that the bytes are the UTF-8 form of.
   *
   * @throws MalformedDataException if they are not valid UTF-8
   */
  public String toUtf8() {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(array, offset, size))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedDataException(
          MalformedDataException.Reason.MALFORMED, "not UTF-8, in " + this, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + size, that.array, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(array, offset, size).hashCode();
  }

  @Override
  public String toString() {
    return size + " bytes";
  }
}
