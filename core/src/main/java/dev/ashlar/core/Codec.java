package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * One type's form on the wire.
 *
 * <p><b>Guarantees.</b> {@code decode(encode(v)).equals(v)} for every value of the type.
 *
 * <p><b>Not guaranteed.</b> Equal values need not encode to equal bytes unless an implementation
 * says so: hash or compare values, not their encodings.
 *
 * <p><b>Failures.</b> Input is hostile until decoded. {@link #decode} answers any bytes with a
 * value or a {@link MalformedDataException}, and never allocates more than a small multiple of the
 * input.
 *
 * <p><b>Threads.</b> Safe; stateless or immutable.
 *
 * <pre>{@code
 * Codec<OrderId> orderId = Codec.utf8().as(OrderId::new, OrderId::value);
 * }</pre>
 *
 * @param <T> the type in memory
 */
public interface Codec<T> {

  /** Returns the name of the wire form, as in a content-type header. */
  String mediaType();

  /** Returns the encoded form of {@code value}. */
  Bytes encode(T value);

  /**
   * Returns the value that {@code bytes} stand for.
   *
   * @throws MalformedDataException if {@code bytes} are not an encoding that this codec reads
   */
  T decode(Bytes bytes);

  /**
   * Returns a codec of another type with the same wire form.
   *
   * @param wrap makes the other type; its {@link IllegalArgumentException} becomes a {@link
   *     MalformedDataException}
   * @param unwrap undoes {@code wrap}
   * @param <U> the other type
   */
  default <U> Codec<U> as(
      Function<? super T, ? extends U> wrap, Function<? super U, ? extends T> unwrap) {
    return new WrappedCodec<>(this, requireNonNull(wrap, "wrap"), requireNonNull(unwrap, "unwrap"));
  }

  /** Returns the codec of text as UTF-8. */
  static Codec<String> utf8() {
    return Utf8Codec.INSTANCE;
  }

  /** Returns the codec of bytes as they are. */
  static Codec<Bytes> bytes() {
    return BytesCodec.INSTANCE;
  }
}

record WrappedCodec<T, U>(
    Codec<T> inner, Function<? super T, ? extends U> wrap, Function<? super U, ? extends T> unwrap)
    implements Codec<U> {

  @Override
  public String mediaType() {
    return inner.mediaType();
  }

  @Override
  public Bytes encode(U value) {
    return inner.encode(unwrap.apply(value));
  }

  @Override
  public U decode(Bytes bytes) {
    T value = inner.decode(bytes);
    try {
      return wrap.apply(value);
    } catch (IllegalArgumentException e) {
      // The type's own message names the value, and the value is content: it is left out.
      throw new MalformedDataException(
          MalformedDataException.Reason.INVALID_VALUE, "value refused by its type");
    }
  }
}

enum Utf8Codec implements Codec<String> {
  INSTANCE;

  @Override
  public String mediaType() {
    return "text/plain; charset=utf-8";
  }

  @Override
  public Bytes encode(String value) {
    return Bytes.utf8(value);
  }

  @Override
  public String decode(Bytes bytes) {
    return bytes.toUtf8();
  }
}

enum BytesCodec implements Codec<Bytes> {
  INSTANCE;

  @Override
  public String mediaType() {
    return "application/octet-stream";
  }

  @Override
  public Bytes encode(Bytes value) {
    return value;
  }

  @Override
  public Bytes decode(Bytes bytes) {
    return bytes;
  }
}
