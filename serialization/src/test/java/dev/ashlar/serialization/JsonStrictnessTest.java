package dev.ashlar.serialization;

import static dev.ashlar.core.MalformedDataException.Reason.DUPLICATE_KEY;
import static dev.ashlar.core.MalformedDataException.Reason.INVALID_VALUE;
import static dev.ashlar.core.MalformedDataException.Reason.LIMIT;
import static dev.ashlar.core.MalformedDataException.Reason.LOSSY_VALUE;
import static dev.ashlar.core.MalformedDataException.Reason.MALFORMED;
import static dev.ashlar.core.MalformedDataException.Reason.MISSING_FIELD;
import static dev.ashlar.core.MalformedDataException.Reason.TRAILING_DATA;
import static dev.ashlar.core.MalformedDataException.Reason.TYPE_NOT_ALLOWED;
import static dev.ashlar.core.MalformedDataException.Reason.UNKNOWN_FIELD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.serialization.Samples.Boxed;
import dev.ashlar.serialization.Samples.Broken;
import dev.ashlar.serialization.Samples.Card;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.Order;
import dev.ashlar.serialization.Samples.Payment;
import dev.ashlar.serialization.Samples.Texts;
import dev.ashlar.serialization.Samples.Times;
import dev.ashlar.serialization.Samples.Whole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What fits the grammar and not the type. */
class JsonStrictnessTest {

  private static final String WHOLE =
      "{\"tiny\":1,\"small\":2,\"middle\":3,\"large\":4,\"huge\":5}";
  private static final String BROKEN = "{\"single\":1.5,\"twice\":2.5,\"exact\":3.5}";
  private static final String TEXTS =
      "{\"text\":\"t\",\"sign\":\"s\",\"flag\":true,\"color\":\"RED\","
          + "\"id\":\"00000000-0000-0001-0000-000000000002\",\"data\":\"aGk/\"}";
  private static final String TIMES =
      "{\"at\":\"2024-02-29T12:00:00Z\",\"took\":\"PT1S\",\"day\":\"2024-02-29\"}";
  private static final String LINE = "{\"sku\":\"s\",\"quantity\":1}";
  private static final String ORDER =
      "{\"id\":\"o\",\"lines\":[" + LINE + "],\"stock\":{\"a\":1},\"note\":\"n\"}";

  private static final JsonCodec<Whole> WHOLES = JsonCodec.of(Whole.class);
  private static final JsonCodec<Broken> BROKENS = JsonCodec.of(Broken.class);
  private static final JsonCodec<Line> LINES = JsonCodec.of(Line.class);
  private static final JsonCodec<Line> TOLERANT_LINES =
      JsonCodec.of(Line.class, JsonOptions.tolerantReader());
  private static final JsonCodec<Order> ORDERS = JsonCodec.of(Order.class);
  private static final JsonCodec<Payment> PAYMENTS = JsonCodec.of(Payment.class);

  @Test
  void theDocumentsThatAreBrokenBelowAreRead() {
    assertThat(WHOLES.decode(Bytes.utf8(WHOLE)).middle()).isEqualTo(3);
    assertThat(BROKENS.decode(Bytes.utf8(BROKEN)).twice()).isEqualTo(2.5);
    assertThat(JsonCodec.of(Texts.class).decode(Bytes.utf8(TEXTS)).sign()).isEqualTo('s');
    assertThat(JsonCodec.of(Times.class).decode(Bytes.utf8(TIMES)).took().toSeconds()).isOne();
    assertThat(ORDERS.decode(Bytes.utf8(ORDER)).lines()).containsExactly(new Line("s", 1));
  }

  @Test
  void anIntegerTakesOnlyIntegersInItsRange() {
    for (String lossy :
        List.of("1.9", "1.0", "1e2", "\"7\"", "true", "[1]", "{}", "-0", "2147483648")) {
      assertReason(WHOLES, WHOLE, "\"middle\":3", "\"middle\":" + lossy, LOSSY_VALUE);
    }
    assertReason(WHOLES, WHOLE, "\"tiny\":1", "\"tiny\":300", LOSSY_VALUE);
    assertReason(WHOLES, WHOLE, "\"tiny\":1", "\"tiny\":-129", LOSSY_VALUE);
    assertReason(WHOLES, WHOLE, "\"small\":2", "\"small\":32768", LOSSY_VALUE);
    assertReason(WHOLES, WHOLE, "\"large\":4", "\"large\":9223372036854775808", LOSSY_VALUE);
    assertReason(WHOLES, WHOLE, "\"huge\":5", "\"huge\":5.5", LOSSY_VALUE);
    assertReason(WHOLES, WHOLE, "\"huge\":5", "\"huge\":-0", LOSSY_VALUE);
    String least = WHOLE.replace("\"large\":4", "\"large\":-9223372036854775808");
    assertThat(WHOLES.decode(Bytes.utf8(least)).large()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void aFractionTakesOnlyNumbersThatComeBack() {
    for (String lossy :
        List.of(
            "9007199254740993",
            "0.10000000000000000555",
            "1e400",
            "1e-400",
            "1e999999999",
            "1e-99999999999",
            "0e99999999999",
            "\"1.5\"",
            "false")) {
      assertReason(BROKENS, BROKEN, "\"twice\":2.5", "\"twice\":" + lossy, LOSSY_VALUE);
    }
    for (String lossy : List.of("16777217", "0.123456789012", "3.5e38", "1e-50", "9999999999")) {
      assertReason(BROKENS, BROKEN, "\"single\":1.5", "\"single\":" + lossy, LOSSY_VALUE);
    }
    for (String exact :
        List.of(
            "9007199254740992",
            "0.1",
            "-0",
            "-0.0",
            "1E22",
            "1.7976931348623157e308",
            "4.9e-324",
            "100",
            "0.30000000000000004",
            "123456789012345680000")) {
      Broken read = BROKENS.decode(Bytes.utf8(BROKEN.replace("2.5", exact)));
      assertThat(read.twice()).as(exact).isEqualTo(Double.parseDouble(exact));
    }
  }

  @Test
  void aDecimalIsExactOrRefused() {
    assertReason(BROKENS, BROKEN, "3.5", "1e999999999", LIMIT);
    assertReason(BROKENS, BROKEN, "3.5", "1e-999999999", LIMIT);
    assertReason(BROKENS, BROKEN, "3.5", "1e99999999999999", LIMIT);
    assertReason(BROKENS, BROKEN, "3.5", "1e101", LIMIT);
    assertReason(BROKENS, BROKEN, "3.5", "-0", LOSSY_VALUE);
    assertReason(BROKENS, BROKEN, "3.5", "-0.00", LOSSY_VALUE);
    assertReason(BROKENS, BROKEN, "3.5", "\"3.5\"", LOSSY_VALUE);
    Broken read = BROKENS.decode(Bytes.utf8(BROKEN.replace("3.5", "9007199254740993.10")));
    assertThat(read.exact()).hasToString("9007199254740993.10");
  }

  @Test
  void aTextTypeTakesOnlyItsOwnSpelling() {
    JsonCodec<Texts> texts = JsonCodec.of(Texts.class);
    assertReason(texts, TEXTS, "\"t\"", "5", LOSSY_VALUE);
    assertReason(texts, TEXTS, "\"s\"", "\"ss\"", INVALID_VALUE);
    assertReason(texts, TEXTS, "\"s\"", "\"\"", INVALID_VALUE);
    assertReason(texts, TEXTS, "true", "\"true\"", LOSSY_VALUE);
    assertReason(texts, TEXTS, "true", "1", LOSSY_VALUE);
    assertReason(texts, TEXTS, "\"RED\"", "\"red\"", INVALID_VALUE);
    assertReason(texts, TEXTS, "\"RED\"", "\"BLUE\"", INVALID_VALUE);
    assertReason(texts, TEXTS, "\"RED\"", "\"\"", INVALID_VALUE);
    assertReason(texts, TEXTS, "\"RED\"", "0", LOSSY_VALUE);
    for (String base64 : List.of("aGk", "aGk==", "aGl=", "aGk/\\n", "a", "====", "YR==", "aG-_")) {
      assertReason(texts, TEXTS, "aGk/", base64, INVALID_VALUE);
    }
    String id = "00000000-0000-0001-0000-000000000002";
    for (String other : List.of("0-0-1-0-2", id + "0", id.replace("-", ""), "{" + id + "}")) {
      assertReason(texts, TEXTS, id, other, INVALID_VALUE);
    }
  }

  @Test
  void aTimeTakesOnlyItsOwnSpelling() {
    JsonCodec<Times> times = JsonCodec.of(Times.class);
    for (String at :
        List.of(
            "2024-02-29T12:00:00+01:00",
            "2024-02-29T12:00:00",
            "2024-02-30T12:00:00Z",
            "2016-12-31T23:59:60Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T12:00Z",
            "2024-02-29t12:00:00z",
            "2024-02-29T12:00:00.1234567890Z",
            "1709208000",
            "")) {
      assertReason(times, TIMES, "2024-02-29T12:00:00Z", at, INVALID_VALUE);
    }
    for (String took : List.of("1", "P1M", "PT", "PT1.1234567891S", "PT99999999999999999999S")) {
      assertReason(times, TIMES, "PT1S", took, INVALID_VALUE);
    }
    for (String day : List.of("2023-02-29", "2024-2-9", "20240229", "1".repeat(70))) {
      assertReason(times, TIMES, "\"day\":\"2024-02-29", "\"day\":\"" + day, INVALID_VALUE);
    }
    assertReason(times, TIMES, "\"2024-02-29T12:00:00Z\"", "1709208000", LOSSY_VALUE);
    String millis = TIMES.replace("00:00Z", "00:00.120Z");
    assertThat(times.decode(Bytes.utf8(millis)).at()).isEqualTo("2024-02-29T12:00:00.120Z");
  }

  @Test
  void aComponentThatIsMissingOrNullIsRefusedWithItsPath() {
    assertRefused(LINES, "{\"sku\":\"s\"}", MISSING_FIELD, "missing field at /quantity, byte 10");
    assertRefused(LINES, "{\"sku\":null}", MISSING_FIELD, "null (expected: text) at /sku, byte 7");
    assertRefused(
        ORDERS,
        ORDER.replace("\"sku\":\"s\",", ""),
        MISSING_FIELD,
        "missing field at /lines/0/sku, byte 32");
    assertReason(ORDERS, ORDER, LINE, "null", MISSING_FIELD);
    assertReason(ORDERS, ORDER, "[" + LINE + "]", "null", MISSING_FIELD);
    assertReason(ORDERS, ORDER, "{\"a\":1}", "null", MISSING_FIELD);
    assertRefused(
        ORDERS,
        ORDER.replace("\"a\":1", "\"a\":1,\"b\":null"),
        MISSING_FIELD,
        "null (expected: -2147483648 to 2147483647) at /stock/*, byte 64");
    assertReason(LINES, LINE, LINE, "null", MISSING_FIELD);
    assertReason(
        JsonCodec.of(Boxed.class),
        "{\"tiny\":1,\"small\":2,\"middle\":3,\"large\":4,\"flag\":null,\"sign\":\"x\"}",
        "",
        "",
        MISSING_FIELD);
  }

  @Test
  void anotherKindOfValueIsRefused() {
    assertReason(LINES, LINE, LINE, "[]", LOSSY_VALUE);
    assertReason(LINES, LINE, LINE, "\"text\"", LOSSY_VALUE);
    assertReason(LINES, LINE, LINE, "5", LOSSY_VALUE);
    assertReason(ORDERS, ORDER, "[" + LINE + "]", LINE, LOSSY_VALUE);
    assertReason(ORDERS, ORDER, "{\"a\":1}", "[]", LOSSY_VALUE);
    assertReason(ORDERS, ORDER, "\"n\"", "[\"n\"]", LOSSY_VALUE);
    assertReason(ORDERS, ORDER, "[" + LINE + "]", "\"\"", LOSSY_VALUE);
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertReason(LINES, LINE, "}", ",\"sku\":\"s\"}", DUPLICATE_KEY);
    assertReason(LINES, LINE, "}", ",\"\\u0073k\\u0075\":\"s\"}", DUPLICATE_KEY);
    assertReason(ORDERS, ORDER, LINE, LINE.replace("}", ",\"sku\":\"s\"}"), DUPLICATE_KEY);
    assertReason(ORDERS, ORDER, "\"a\":1", "\"a\":1,\"\\u0061\":1", DUPLICATE_KEY);
    assertReason(ORDERS, ORDER, "\"note\":\"n\"", "\"note\":null,\"note\":null", DUPLICATE_KEY);
    assertReason(TOLERANT_LINES, LINE, "}", ",\"x\":1,\"x\":1}", DUPLICATE_KEY);
    assertReason(TOLERANT_LINES, LINE, "}", ",\"x\":{\"a\":1,\"\\u0061\":1}}", DUPLICATE_KEY);
    assertReason(TOLERANT_LINES, LINE, "}", ",\"sku\":\"s\"}", DUPLICATE_KEY);
  }

  @Test
  void anUnknownFieldIsRefusedOrLeftOutAsThePresetSays() {
    String json = LINE.replace("}", ",\"x\":{\"sku\":[1,2.5,\"t\",null,true,{\"x\":{}}]}}");
    assertRefused(LINES, json, UNKNOWN_FIELD, "field that the type does not have, byte 24");
    assertThat(TOLERANT_LINES.decode(Bytes.utf8(json))).isEqualTo(new Line("s", 1));
    assertReason(LINES, LINE, "sku", "Sku", UNKNOWN_FIELD);
    JsonCodec<Payment> tolerant = JsonCodec.of(Payment.class, JsonOptions.tolerantReader());
    String card = "{\"x\":{\"type\":\"invoice\"},\"type\":\"card\",\"number\":\"4\",\"cents\":5}";
    assertThat(tolerant.decode(Bytes.utf8(card))).isEqualTo(new Card("4", 5));
  }

  @Test
  void nothingElseIsTolerated() {
    Map<String, Reason> bad =
        Map.ofEntries(
            Map.entry("\"\\ud800\"", MALFORMED),
            Map.entry("{\"\\udc00\":1}", MALFORMED),
            Map.entry("NaN", MALFORMED),
            Map.entry("01", MALFORMED),
            Map.entry("1" + "0".repeat(100), LIMIT),
            Map.entry("{\"" + "n".repeat(1_001) + "\":1}", LIMIT),
            Map.entry("[".repeat(64) + "]".repeat(64), LIMIT),
            Map.entry("/**/1", MALFORMED));
    bad.forEach(
        (value, reason) ->
            assertReason(TOLERANT_LINES, LINE, "}", ",\"x\":" + value + "}", reason));
    assertReason(TOLERANT_LINES, LINE, "1}", "1.5}", LOSSY_VALUE);
    assertReason(TOLERANT_LINES, LINE, ",\"quantity\":1", "", MISSING_FIELD);
    assertReason(TOLERANT_LINES, LINE, "}", "} {}", TRAILING_DATA);
  }

  @Test
  void aTypeThatIsNotNamedOrNotKnownIsRefused() {
    assertRefused(PAYMENTS, "{}", MISSING_FIELD, "missing field at /type, byte 1");
    assertReason(PAYMENTS, "{\"days\":3}", "", "", MISSING_FIELD);
    assertReason(PAYMENTS, "{\"type\":null,\"days\":3}", "", "", MISSING_FIELD);
    assertReason(PAYMENTS, "{\"days\":3,\"type\":null}", "", "", MISSING_FIELD);
    for (String name : List.of("5", "true", "[\"card\"]", "{}")) {
      assertReason(PAYMENTS, "{\"type\":" + name + "}", "", "", TYPE_NOT_ALLOWED);
      assertReason(PAYMENTS, "{\"days\":3,\"type\":" + name + "}", "", "", TYPE_NOT_ALLOWED);
    }
    assertRefused(
        PAYMENTS,
        "{\"type\":\"cash\"}",
        TYPE_NOT_ALLOWED,
        "name that stands for no type here at /type, byte 8");
    String nested = "{\"type\":\"bank-transfer\",\"fallback\":{\"days\":3,";
    assertRefused(
        PAYMENTS,
        nested + "\"type\":5}}",
        TYPE_NOT_ALLOWED,
        "no text (expected: name of a type) at /fallback/type, byte " + (nested.length() + 7));
    assertRefused(
        PAYMENTS,
        nested + "type:5}}",
        MALFORMED,
        "no JSON at /fallback/type, byte " + nested.length());
    // The interface in between is no type of its own.
    assertReason(PAYMENTS, "{\"type\":\"later\"}", "", "", TYPE_NOT_ALLOWED);
    // A field of one type is not a field of another.
    assertReason(PAYMENTS, "{\"type\":\"invoice\",\"days\":3,\"cents\":5}", "", "", UNKNOWN_FIELD);
  }

  @Test
  void aValueThatItsTypeRefusesIsRefusedWithoutBeingShown() {
    assertRefused(
        ORDERS,
        ORDER.replace("\"quantity\":1", "\"quantity\":-7654321"),
        INVALID_VALUE,
        "value refused by its type at /lines/0, byte 49");
    assertReason(
        JsonCodec.of(Samples.Divided.class), "{\"by\":0,\"result\":1}", "", "", INVALID_VALUE);
  }

  private static void assertReason(
      JsonCodec<?> codec, String json, String from, String to, Reason reason) {
    String changed = from.isEmpty() ? json : json.replace(from, to);
    assertThat(Samples.reason(codec, changed)).as(changed).isEqualTo(reason);
  }

  private static void assertRefused(
      JsonCodec<?> codec, String json, Reason reason, String message) {
    assertThat(Samples.refused(codec, json))
        .hasMessage(message)
        .hasNoCause()
        .returns(reason, MalformedDataException::reason);
  }
}
