package dev.ashlar.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.MalformedDataException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code in the README and in the doc comment of {@link JsonCodec}, run. */
class ReadmeTest {

  // [readme:types]
  record OrderPlaced(
      String orderId, Instant at, List<Line> lines, Payment payment, Optional<String> note) {}

  record Line(String sku, int quantity, BigDecimal price) {
    Line {
      if (quantity < 1) {
        throw new IllegalArgumentException("quantity: " + quantity + " (expected: >= 1)");
      }
    }
  }

  sealed interface Payment permits Card, BankTransfer {}

  record Card(String token) implements Payment {}

  record BankTransfer(String iban) implements Payment {}

  // [/readme]

  @Test
  void anOrderIsWrittenAndRead() {
    Instant at = Instant.parse("2024-02-29T12:00:00Z");
    Line line = new Line("mug", 2, new BigDecimal("7.50"));
    OrderPlaced order =
        new OrderPlaced("o-17", at, List.of(line), new Card("tok-9"), Optional.empty());
    // [doc:JsonCodec]
    // [readme:use]
    Codec<OrderPlaced> codec = JsonCodec.of(OrderPlaced.class);

    Bytes json = codec.encode(order);
    OrderPlaced same = codec.decode(json);
    // [/readme]
    // [/doc]
    assertThat(json.toUtf8())
        .isEqualTo(
            "{\"orderId\":\"o-17\",\"at\":\"2024-02-29T12:00:00Z\","
                + "\"lines\":[{\"sku\":\"mug\",\"quantity\":2,\"price\":7.50}],"
                + "\"payment\":{\"type\":\"card\",\"token\":\"tok-9\"}}");
    assertThat(same).isEqualTo(order);
  }

  @Test
  void optionsAreGivenWhenTheCodecIsMade() {
    // [readme:options]
    JsonOptions options =
        JsonOptions.tolerantReader()
            .withLimits(Limits.standard().withSizeBytes(64 << 10))
            .withDiscriminator("kind")
            .withName(BankTransfer.class, "sepa-transfer");
    JsonCodec<OrderPlaced> codec = JsonCodec.of(OrderPlaced.class, options);
    // [/readme]
    assertThat(codec.limits().sizeBytes()).isEqualTo(65_536);
  }

  @Test
  void aBadDocumentIsRefusedWithReasonPathAndByte() {
    Codec<OrderPlaced> codec = JsonCodec.of(OrderPlaced.class);
    Bytes bad =
        Bytes.utf8(
            "{\"orderId\":\"o-17\",\"at\":\"2024-02-29T12:00:00Z\","
                + "\"lines\":[{\"sku\":\"mug\",\"quantity\":2.5,\"price\":7.50}]}");
    // [readme:failure]
    try {
      codec.decode(bad);
    } catch (MalformedDataException e) {
      // LOSSY_VALUE: number with a fraction or exponent (expected: -2147483648 to 2147483647)
      //     at /lines/0/quantity, byte 79
      reject(bad, e.reason() + ": " + e.getMessage());
    }
    // [/readme]
    assertThat(rejected)
        .containsExactly(
            "LOSSY_VALUE: number with a fraction or exponent"
                + " (expected: -2147483648 to 2147483647) at /lines/0/quantity, byte 79");
  }

  private final List<String> rejected = new ArrayList<>();

  private void reject(Bytes document, String why) {
    assertThat(document.isEmpty()).isFalse();
    rejected.add(why);
  }
}
