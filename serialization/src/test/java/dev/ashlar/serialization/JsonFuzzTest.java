package dev.ashlar.serialization;

import static dev.ashlar.core.MalformedDataException.Reason.TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.serialization.Samples.BankTransfer;
import dev.ashlar.serialization.Samples.Card;
import dev.ashlar.serialization.Samples.Everything;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.Order;
import dev.ashlar.serialization.Samples.Payment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Documents cut off, changed and made of noise: a value comes out, or the one exception. */
class JsonFuzzTest {

  private static final JsonOptions TOLERANT = JsonOptions.tolerantReader();
  private static final JsonCodec<Line> LINES = JsonCodec.of(Line.class);
  private static final JsonCodec<Line> TOLERANT_LINES = JsonCodec.of(Line.class, TOLERANT);
  private static final JsonCodec<Payment> PAYMENTS = JsonCodec.of(Payment.class);
  private static final JsonCodec<Everything> EVERYTHING = JsonCodec.of(Everything.class);

  @Test
  void truncationAtEveryByteIsAnError() throws Exception {
    List<Bytes> documents = new ArrayList<>();
    documents.add(Bytes.utf8(line("{\"a\":[true,false,null,-1.5e+3,\"\\u00e9é😀\\n\"]}")));
    documents.add(
        Bytes.utf8("{ \"quantity\" : 10 , \"x\" : -0.5E-7 , \"sku\" : \"\\ud83d\\ude00\" }"));
    Bytes line = documents.get(0);
    assertThat(TOLERANT_LINES.decode(line)).isNotNull();
    for (Bytes document : documents) {
      assertTruncated(TOLERANT_LINES, document);
    }
    assertTruncated(
        PAYMENTS, PAYMENTS.encode(new BankTransfer("i", Optional.of(new Card("4", 5)))));
    assertTruncated(
        PAYMENTS,
        Bytes.utf8(
            "{\"fallback\":{\"cents\":5,\"number\":\"4\",\"type\":\"card\"},\"iban\":\"i\",\"type\":\"bank-transfer\"}"));
    Seeds.check(
        20,
        (seed, random) ->
            assertTruncated(EVERYTHING, EVERYTHING.encode(new Generated(random).everything())));
  }

  private static void assertTruncated(JsonCodec<?> codec, Bytes document) {
    assertThat(codec.decode(document)).isNotNull();
    for (int size = 0; size < document.size(); size++) {
      assertThat(Samples.reason(codec, document.slice(0, size)))
          .as("%s of %s bytes", size, document.size())
          .isEqualTo(TRUNCATED);
    }
  }

  @Test
  void mutatedDocumentsGiveAValueOrTheOneException() throws Exception {
    JsonCodec<Everything> tolerant = JsonCodec.of(Everything.class, TOLERANT);
    Seeds.check(
        3_000,
        (seed, random) -> {
          byte[] json = EVERYTHING.encode(new Generated(random).everything()).toArray();
          for (int i = random.nextInt(1, 4); i > 0; i--) {
            json = mutated(json, random);
          }
          assertValueOrRefusal(EVERYTHING, json);
          assertValueOrRefusal(tolerant, json);
        });
  }

  private static byte[] mutated(byte[] json, RandomGenerator random) {
    int at = random.nextInt(json.length);
    int to = random.nextInt(at, json.length);
    byte[] copy = json.clone();
    switch (random.nextInt(4)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) "{}[]:,\"\\0-.eEtfn ".charAt(random.nextInt(17));
      case 2 -> System.arraycopy(json, 0, copy, at, to - at < at ? to - at : 0);
      default -> {
        byte[] shorter = new byte[json.length - (to - at)];
        System.arraycopy(json, 0, shorter, 0, at);
        System.arraycopy(json, to, shorter, at, json.length - to);
        return shorter;
      }
    }
    return copy;
  }

  @Test
  void randomBytesAndTokensGiveAValueOrTheOneException() throws Exception {
    List<String> tokens =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"type\"",
            "\"card\"",
            "\"iban\"",
            "\"fallback\"",
            "\"days\"",
            "\"bank-transfer\"",
            "\"invoice\"",
            "1",
            "-",
            "1.5",
            "true",
            "null",
            "\"",
            "\\u0",
            " ",
            "\u00e9",
            "1e9");
    JsonCodec<Payment> tolerant = JsonCodec.of(Payment.class, TOLERANT);
    Seeds.check(
        20_000,
        (seed, random) -> {
          byte[] noise = new byte[random.nextInt(40)];
          random.nextBytes(noise);
          assertValueOrRefusal(tolerant, noise);
          StringBuilder text = new StringBuilder("{");
          for (int i = random.nextInt(20); i > 0; i--) {
            text.append(tokens.get(random.nextInt(tokens.size())));
          }
          assertValueOrRefusal(PAYMENTS, Bytes.utf8(text.toString()).toArray());
          assertValueOrRefusal(tolerant, Bytes.utf8(text.toString()).toArray());
        });
  }

  private static <T> void assertValueOrRefusal(JsonCodec<T> codec, byte[] json) {
    T value;
    try {
      value = codec.decode(Bytes.owning(json));
    } catch (MalformedDataException e) {
      assertThat(e).hasNoCause().hasMessageNotContaining("reading failed");
      return;
    }
    assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
  }

  @Test
  void noExceptionShowsAnyOfTheData() throws Exception {
    String marker = "Zq7Marker";
    Map<String, String> bad =
        Map.ofEntries(
            Map.entry("unknown field", "{\"" + marker + "\":1}"),
            Map.entry("missing", "{\"sku\":\"" + marker + "\"}"),
            Map.entry("kind", "{\"quantity\":\"" + marker + "\"}"),
            Map.entry("refused", "{\"sku\":\"" + marker + "\",\"quantity\":-1}"),
            Map.entry("literal", "{\"sku\":" + marker + "}"),
            Map.entry("truncated", "{\"sku\":\"" + marker),
            Map.entry("trailing", "{\"sku\":\"s\",\"quantity\":1}" + marker),
            Map.entry("comment", "/*" + marker + "*/{}"),
            Map.entry("escape", "{\"sku\":\"" + marker + "\\x\"}"),
            Map.entry("surrogate", "{\"sku\":\"" + marker + "\\ud800\"}"),
            Map.entry("duplicate", "{\"" + marker + "\":1,\"" + marker + "\":1}"),
            Map.entry("type", "{\"type\":\"" + marker + "\"}"),
            Map.entry("enum", "{\"color\":\"" + marker + "\"}"),
            Map.entry("uuid", "{\"id\":\"" + marker + "\"}"),
            Map.entry("key", "{\"stock\":{\"" + marker + "\":null}}"));
    List<JsonCodec<?>> codecs =
        List.of(
            LINES,
            TOLERANT_LINES,
            PAYMENTS,
            JsonCodec.of(Order.class),
            JsonCodec.of(Samples.Texts.class),
            JsonCodec.of(Samples.Times.class));
    for (JsonCodec<?> codec : codecs) {
      bad.forEach((name, json) -> assertSilent(Samples.refused(codec, json), marker));
    }
    Seeds.check(
        1_000,
        (seed, random) -> {
          String json =
              "{\""
                  + marker
                  + "\":[\""
                  + marker
                  + "\"],\"sku\":\""
                  + marker
                  + "\",\"quantity\":12345678}";
          byte[] changed = mutated(json.getBytes(StandardCharsets.UTF_8), random);
          try {
            TOLERANT_LINES.decode(Bytes.owning(changed));
          } catch (MalformedDataException e) {
            assertSilent(e, "Marker");
            assertSilent(e, "2345");
          }
        });
  }

  private static void assertSilent(MalformedDataException e, String marker) {
    assertThat(e).hasNoCause();
    assertThat(e.toString()).doesNotContain(marker);
    assertThat(e.getSuppressed()).isEmpty();
  }

  private static String line(String extra) {
    return "{\"sku\":\"s\",\"x\":" + extra + ",\"quantity\":1}";
  }
}
