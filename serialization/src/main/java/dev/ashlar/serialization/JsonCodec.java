package dev.ashlar.serialization;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * A record, or a sealed interface of records, as JSON.
 *
 * <p>The type alone decides what is read: a field is what its component says or the document is
 * refused, and a sealed interface is the list of types that a document may name. It is not a mapper
 * for whatever comes; there is no setting that makes it kinder, apart from {@link
 * Preset#TOLERANT_READER}.
 *
 * <p>Components are primitives and their boxes, {@code String}, {@code BigInteger}, {@code
 * BigDecimal}, enums, {@code UUID}, {@code Instant}, {@code Duration}, {@code LocalDate}, {@link
 * Bytes} as base64, records, sealed interfaces of records, {@code List} and {@code Map} from {@code
 * String} of these, and {@code Optional} of all of these. An {@code Optional} stands directly in a
 * component, and is the only thing that may be missing.
 *
 * <p><b>Guarantees.</b> A codec that could be made can read what it writes: {@code
 * decode(encode(v)).equals(v)} (BYTES-1). A value has one encoding, in every run and on every JVM:
 * fields in the order of the components, maps in the order of their keys (BYTES-2). Decoding reads
 * all or nothing (BYTES-14, BYTES-15), changes no value on the way (BYTES-7, BYTES-26), sees a key
 * that stands twice (BYTES-22), and takes time and memory within the limits (BYTES-6, BYTES-8). No
 * class is looked for by a name from the data (BYTES-9).
 *
 * <p><b>Not guaranteed.</b> That nobody changed the bytes: almost half of all flipped bits in JSON
 * give another valid value, which only a checksum shows. That the value makes sense: say what does
 * in the record's constructor, which is asked.
 *
 * <p><b>Failures.</b> {@link #decode} throws {@link dev.ashlar.core.MalformedDataException} and
 * nothing else, with the path in the type's own words and the byte, without a word of the data.
 * {@link #encode} throws {@link IllegalArgumentException} for a value that could not be read again:
 * over a limit, null, not finite, with half a surrogate pair. A type that is not supported is an
 * {@link IllegalArgumentException} when the codec is made.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> {@link Limits#standard()} unless the options say otherwise.
 *
 * <pre>{@code
 * Codec<OrderPlaced> codec = JsonCodec.of(OrderPlaced.class);
 *
 * Bytes json = codec.encode(order);
 * OrderPlaced same = codec.decode(json);
 * }</pre>
 *
 * @param <T> the record or sealed interface
 */
public final class JsonCodec<T> implements Codec<T> {

  private final Class<T> type;
  private final Shape shape;

  // One for each type: it remembers names that it has seen, and those of one sender stay out of
  // the way of another's.
  private final JsonFactory factory;
  private final Preset preset;
  private final Limits limits;

  private JsonCodec(Class<T> type, Shape shape, JsonFactory factory, Preset preset, Limits limits) {
    this.type = type;
    this.shape = shape;
    this.factory = factory;
    this.preset = preset;
    this.limits = limits;
  }

  /**
   * Returns the strict codec of a type, within the standard limits.
   *
   * @throws IllegalArgumentException if the type is not supported, with the path to what is not
   */
  public static <T> JsonCodec<T> of(Class<T> type) {
    return of(type, JsonOptions.strict());
  }

  /**
   * Returns the codec of a type.
   *
   * @throws IllegalArgumentException if the type is not supported, with the path to what is not
   */
  public static <T> JsonCodec<T> of(Class<T> type, JsonOptions options) {
    requireNonNull(type, "type");
    Shape shape = Shapes.of(type, options);
    return new JsonCodec<>(type, shape, jsonFactory(), options.preset(), options.limits());
  }

  /** Returns this codec within the smaller of each of its limits and the others. */
  public JsonCodec<T> narrowedTo(Limits others) {
    return new JsonCodec<>(type, shape, factory, preset, limits.narrow(others));
  }

  /** Returns the most that a document may be. */
  public Limits limits() {
    return limits;
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public Bytes encode(T value) {
    requireNonNull(value, "value");
    BoundedOutput output = new BoundedOutput(limits.sizeBytes());
    Trail trail = new Trail(limits);
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), output)) {
      shape.write(value, new Sink(generator, limits, trail));
    } catch (Refusal e) {
      String path = trail.path();
      throw new IllegalArgumentException((path.isEmpty() ? "value" : path) + ": " + e.what());
    }
    return output.toBytes();
  }

  @Override
  public T decode(Bytes bytes) {
    byte[] document = Document.checked(bytes, limits);
    Source in = new Source(factory, document, limits, preset);
    return in.read(
        () -> {
          in.next();
          Object value = shape.read(in);
          in.expectEnd();
          return type.cast(value);
        });
  }

  @Override
  public String toString() {
    return "JsonCodec of " + type.getName();
  }

  private static JsonFactory jsonFactory() {
    StreamReadConstraints unlimited =
        StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .build();
    return JsonFactory.builder()
        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
        .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
        .streamReadConstraints(unlimited)
        .build();
  }
}
