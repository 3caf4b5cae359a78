package dev.ashlar.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.serialization.Samples.BankTransfer;
import dev.ashlar.serialization.Samples.Broken;
import dev.ashlar.serialization.Samples.Card;
import dev.ashlar.serialization.Samples.Color;
import dev.ashlar.serialization.Samples.Everything;
import dev.ashlar.serialization.Samples.Invoice;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.OnDelivery;
import dev.ashlar.serialization.Samples.Order;
import dev.ashlar.serialization.Samples.Payment;
import dev.ashlar.serialization.Samples.Texts;
import dev.ashlar.serialization.Samples.Times;
import dev.ashlar.serialization.Samples.Tree;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonCodecTest {

  private static final JsonCodec<Order> ORDERS = JsonCodec.of(Order.class);
  private static final JsonCodec<Payment> PAYMENTS = JsonCodec.of(Payment.class);
  private static final JsonCodec<Broken> BROKEN = JsonCodec.of(Broken.class);

  @Test
  void generatedValuesComeBackEqual() throws Exception {
    JsonCodec<Everything> codec = JsonCodec.of(Everything.class);
    Seeds.check(
        500,
        (seed, random) -> {
          Everything value = new Generated(random).everything();
          assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
        });
  }

  @Test
  void everyBinaryFractionComesBackEqual() throws Exception {
    Seeds.check(
        20_000,
        (seed, random) -> {
          Broken value = new Generated(random).broken();
          assertThat(BROKEN.decode(BROKEN.encode(value))).isEqualTo(value);
        });
  }

  @Test
  void theWireFormOfEachTypeIsFixed() {
    Order order =
        new Order("o-1", List.of(new Line("a\"ä😀", 2)), Map.of("b", 2, "a", 1), Optional.of("n"));
    assertThat(text(ORDERS.encode(order)))
        .isEqualTo(
            "{\"id\":\"o-1\",\"lines\":[{\"sku\":\"a\\\"ä😀\",\"quantity\":2}],"
                + "\"stock\":{\"a\":1,\"b\":2},\"note\":\"n\"}");
    Texts texts = new Texts("\u0000\n", 'c', true, Color.GREEN, new UUID(1, 2), Bytes.utf8("hi?"));
    assertThat(text(JsonCodec.of(Texts.class).encode(texts)))
        .isEqualTo(
            "{\"text\":\"\\u0000\\n\",\"sign\":\"c\",\"flag\":true,\"color\":\"GREEN\","
                + "\"id\":\"00000000-0000-0001-0000-000000000002\",\"data\":\"aGk/\"}");
    Times times =
        new Times(
            Instant.parse("2024-02-29T12:00:00Z"),
            Duration.ofMillis(90_500),
            LocalDate.of(2024, 2, 29));
    assertThat(text(JsonCodec.of(Times.class).encode(times)))
        .isEqualTo(
            "{\"at\":\"2024-02-29T12:00:00Z\",\"took\":\"PT1M30.5S\",\"day\":\"2024-02-29\"}");
  }

  @Test
  void theWireFormOfNumbersIsFixed() {
    assertThat(text(BROKEN.encode(new Broken(1.1f, 0.1, new BigDecimal("1.50")))))
        .isEqualTo("{\"single\":1.1,\"twice\":0.1,\"exact\":1.50}");
    assertThat(
            text(
                BROKEN.encode(
                    new Broken(-0.0f, Double.parseDouble("2e23"), new BigDecimal("0.0000000001")))))
        .isEqualTo("{\"single\":-0.0,\"twice\":2.0E23,\"exact\":0.0000000001}");
    assertThat(text(BROKEN.encode(new Broken(16777216f, 2.0e-3, new BigDecimal("1E+3")))))
        .isEqualTo("{\"single\":1.6777216E7,\"twice\":0.002,\"exact\":1E+3}");
  }

  @Test
  void aRecordOfASealedInterfaceIsNamed() {
    assertThat(text(PAYMENTS.encode(new Card("4", 5))))
        .isEqualTo("{\"type\":\"card\",\"number\":\"4\",\"cents\":5}");
    assertThat(text(PAYMENTS.encode(new OnDelivery()))).isEqualTo("{\"type\":\"on-delivery\"}");
    assertThat(text(PAYMENTS.encode(new BankTransfer("x", Optional.of(new Invoice(3))))))
        .isEqualTo(
            "{\"type\":\"bank-transfer\",\"iban\":\"x\",\"fallback\":{\"type\":\"invoice\",\"days\":3}}");
  }

  @Test
  void aRecordByItselfIsNotNamed() {
    JsonCodec<Card> cards = JsonCodec.of(Card.class);
    assertThat(text(cards.encode(new Card("4", 5)))).isEqualTo("{\"number\":\"4\",\"cents\":5}");
    assertThat(Samples.reason(cards, "{\"type\":\"card\",\"number\":\"4\",\"cents\":5}"))
        .isEqualTo(Reason.UNKNOWN_FIELD);
  }

  @Test
  void theNameOfTheTypeMayStandAnywhere() {
    String nested = "{\"fallback\":{\"days\":3,\"type\":\"invoice\"},\"iban\":\"x\",\"type\":";
    assertThat(PAYMENTS.decode(Bytes.utf8(nested + "\"bank-transfer\"}")))
        .isEqualTo(new BankTransfer("x", Optional.of(new Invoice(3))));
    assertThat(Samples.reason(PAYMENTS, nested + "\"bank-transfer\",\"type\":\"card\"}"))
        .isEqualTo(Reason.DUPLICATE_KEY);
    assertThat(Samples.reason(PAYMENTS, "{\"type\":\"invoice\",\"days\":3,\"type\":\"invoice\"}"))
        .isEqualTo(Reason.DUPLICATE_KEY);
  }

  @Test
  void givenNamesReplaceDerivedOnes() {
    JsonOptions options =
        JsonOptions.strict().withDiscriminator("kind").withName(Card.class, "credit.card-2");
    JsonCodec<Payment> codec = JsonCodec.of(Payment.class, options);

    Bytes json = codec.encode(new Card("4", 5));

    assertThat(text(json)).startsWith("{\"kind\":\"credit.card-2\",");
    assertThat(codec.decode(json)).isEqualTo(new Card("4", 5));
    assertThat(Samples.reason(codec, "{\"kind\":\"card\",\"number\":\"4\",\"cents\":5}"))
        .isEqualTo(Reason.TYPE_NOT_ALLOWED);
  }

  @Test
  void anOptionalIsLeftOutAndMayBeNull() {
    assertThat(text(ORDERS.encode(new Order("o", List.of(), Map.of(), Optional.empty()))))
        .isEqualTo("{\"id\":\"o\",\"lines\":[],\"stock\":{}}");
    Order read =
        ORDERS.decode(Bytes.utf8("{\"note\":null,\"stock\":{},\"lines\":[],\"id\":\"o\"}"));
    assertThat(read).isEqualTo(new Order("o", List.of(), Map.of(), Optional.empty()));
  }

  @Test
  void whiteSpaceAroundTokensIsNoMatter() {
    String json = " \t\r\n{ \"number\" : \"4\" , \"cents\"\n:\t5 } \r\n";
    assertThat(JsonCodec.of(Card.class).decode(Bytes.utf8(json))).isEqualTo(new Card("4", 5));
  }

  @Test
  void collectionsReadCannotBeChanged() {
    Order order =
        ORDERS.decode(ORDERS.encode(new Order("o", List.of(), Map.of(), Optional.empty())));
    assertThatThrownBy(() -> order.lines().add(new Line("x", 1)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> order.stock().put("x", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void localeAndTimeZoneChangeNothing() {
    JsonCodec<Everything> codec = JsonCodec.of(Everything.class);
    Everything value = new Generated(Seeds.random(7)).everything();
    Bytes before = codec.encode(value);
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertThat(codec.encode(value)).isEqualTo(before);
      assertThat(JsonCodec.of(Everything.class).decode(before)).isEqualTo(value);
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(TypeNames.derivedFrom(Invoice.class)).isEqualTo("invoice");
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void manyThreadsReadAndWriteAsOneDoes() throws Exception {
    JsonCodec<Everything> codec = JsonCodec.of(Everything.class);
    long seed = Seeds.next();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<List<Bytes>>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(() -> encodings(codec, Seeds.random(seed)));
      }
      List<Bytes> alone = encodings(codec, Seeds.random(seed));
      for (Future<List<Bytes>> future : threads.invokeAll(tasks)) {
        assertThat(future.get()).as("seed %s", seed).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Bytes> encodings(JsonCodec<Everything> codec, RandomGenerator random) {
    List<Bytes> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Everything value = new Generated(random).everything();
      Bytes json = codec.encode(value);
      assertThat(codec.decode(json)).isEqualTo(value);
      all.add(json);
    }
    return all;
  }

  @Test
  void encodingRefusesWhatCouldNotBeReadAgain() {
    Map<String, Broken> bad =
        Map.of(
            "/single", new Broken(Float.NaN, 0, BigDecimal.ONE),
            "/twice", new Broken(0, Double.NEGATIVE_INFINITY, BigDecimal.ONE),
            "/exact", new Broken(0, 0, new BigDecimal("1E+999999999")));
    bad.forEach(
        (path, value) ->
            assertThatThrownBy(() -> BROKEN.encode(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(path + ": "));
    assertRefusedInWriting(order("lone \ud800"), "/id: unpaired surrogate");
    assertRefusedInWriting(order(null), "/id: null");
    List<Line> holed = Arrays.asList(new Line("a", 1), null);
    assertRefusedInWriting(new Order("o", holed, Map.of(), Optional.empty()), "/lines/1: null");
  }

  @Test
  void aNumberTooLongToSpellIsRefusedBeforeItIsSpelled() {
    record Counter(BigInteger value) {}
    JsonCodec<Counter> codec = JsonCodec.of(Counter.class);
    Counter large = new Counter(BigInteger.ONE.shiftLeft(100_000_000));
    assertThatThrownBy(() -> codec.encode(large)).hasMessageStartingWith("/value: numberChars");
  }

  @Test
  void theLimitsHoldInWritingToo() {
    Order order =
        new Order("abc", List.of(new Line("s", 12)), Map.of("kkkkkkkk", 1), Optional.empty());
    Bytes json = ORDERS.encode(order);
    Limits tight = new Limits(json.size(), 3, 3, 8, 2, 7);
    assertThat(ORDERS.narrowedTo(tight).encode(order)).isEqualTo(json);
    assertThat(ORDERS.narrowedTo(tight).decode(json)).isEqualTo(order);
    Map<String, Limits> tooTight =
        Map.of(
            "sizeBytes", tight.withSizeBytes(json.size() - 1),
            "depth", tight.withDepth(2),
            "stringChars", tight.withStringChars(2),
            "nameChars", tight.withNameChars(7),
            "numberChars", tight.withNumberChars(1),
            "items", tight.withItems(6));
    tooTight.forEach(
        (name, limits) -> {
          JsonCodec<Order> codec = ORDERS.narrowedTo(limits);
          assertThatThrownBy(() -> codec.encode(order)).hasMessageContaining(": " + name + ": ");
          assertThat(Samples.refused(() -> codec.decode(json), name))
              .hasMessageStartingWith(name + ": ")
              .returns(Reason.LIMIT, e -> e.reason());
        });
  }

  @Test
  void narrowingNeverWidens() {
    Limits small = new Limits(10, 10, 10, 10, 10, 10);
    Limits large = Limits.standard();
    assertThat(JsonCodec.of(Tree.class).narrowedTo(small).narrowedTo(large).limits())
        .isEqualTo(small);
    assertThat(small.narrow(large.withDepth(3))).isEqualTo(small.withDepth(3));
  }

  @Test
  void aCodecSaysWhatItIs() {
    assertThat(ORDERS.mediaType()).isEqualTo("application/json");
    assertThat(ORDERS).hasToString("JsonCodec of " + Order.class.getName());
  }

  private static void assertRefusedInWriting(Order order, String message) {
    assertThatThrownBy(() -> ORDERS.encode(order))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  // Callers without a checker of nulls do this.
  @SuppressWarnings("NullAway")
  private static Order order(@Nullable String id) {
    return new Order(id, List.of(), Map.of(), Optional.empty());
  }

  private static String text(Bytes bytes) {
    return bytes.toUtf8();
  }
}
