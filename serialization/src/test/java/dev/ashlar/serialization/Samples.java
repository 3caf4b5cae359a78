package dev.ashlar.serialization;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The types that the tests of this package read and write. */
final class Samples {

  private Samples() {}

  enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "not the name";
      }
    }
  }

  record Whole(byte tiny, short small, int middle, long large, BigInteger huge) {}

  record Boxed(Byte tiny, Short small, Integer middle, Long large, Boolean flag, Character sign) {}

  record Broken(float single, double twice, BigDecimal exact) {}

  record Texts(String text, char sign, boolean flag, Color color, UUID id, Bytes data) {}

  record Times(Instant at, Duration took, LocalDate day) {}

  record Line(String sku, int quantity) {
    Line {
      if (quantity < 1) {
        throw new IllegalArgumentException("quantity: " + quantity + " of " + sku);
      }
    }
  }

  record Divided(int by, int result) {
    Divided {
      result /= by;
    }
  }

  record Order(String id, List<Line> lines, Map<String, Integer> stock, Optional<String> note) {}

  sealed interface Payment permits Card, BankTransfer, Later {}

  sealed interface Later extends Payment permits Invoice, OnDelivery {}

  record Card(String number, int cents) implements Payment {}

  record BankTransfer(String iban, Optional<Payment> fallback) implements Payment {}

  record Invoice(int days) implements Later {}

  record OnDelivery() implements Later {}

  record Tree(String name, List<Tree> children) {}

  record Everything(
      Whole whole,
      Boxed boxed,
      Broken broken,
      Texts texts,
      Times times,
      Order order,
      List<List<Optionals>> lists,
      Map<String, Map<String, Payment>> maps,
      Tree tree) {}

  record Optionals(
      Optional<Integer> number, Optional<List<String>> list, Optional<Payment> payment) {}

  /** The outcome of a decoding that must fail. */
  static MalformedDataException refused(Supplier<?> decoding, String what) {
    try {
      Object value = decoding.get();
      throw new AssertionError(what + ": not refused, gave " + value);
    } catch (MalformedDataException e) {
      return e;
    }
  }

  static MalformedDataException refused(JsonCodec<?> codec, String json) {
    return refused(() -> codec.decode(Bytes.utf8(json)), json);
  }

  /** The reason for which a text is refused, or null if it is not. */
  static @Nullable Reason reason(JsonCodec<?> codec, Bytes json) {
    try {
      codec.decode(json);
      return null;
    } catch (MalformedDataException e) {
      return e.reason();
    }
  }

  static @Nullable Reason reason(JsonCodec<?> codec, String json) {
    return reason(codec, Bytes.utf8(json));
  }
}
