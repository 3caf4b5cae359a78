package dev.ashlar.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.serialization.Samples.Card;
import dev.ashlar.serialization.Samples.Invoice;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.Order;
import dev.ashlar.serialization.Samples.Payment;
import java.io.Serializable;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is found out about a type before any data come. */
class JsonConstructionTest {

  record Anything(Object value) {}

  record Marked(Serializable value) {}

  record Ordered(Comparable<String> value) {}

  record Numbered(Number value) {}

  @SuppressWarnings("ArrayRecordComponent") // That is what is refused.
  record Arrays(byte[] value) {}

  @SuppressWarnings("ArrayRecordComponent") // That is what is refused.
  record ArraysOfRecords(Line[] value) {}

  record Raw(@SuppressWarnings("rawtypes") List value) {}

  record Wild(List<?> value) {}

  record Bounded(List<? extends Line> value) {}

  record Unordered(Set<String> value) {}

  record Loose(Collection<String> value) {}

  record OddKeys(Map<Integer, String> value) {}

  record Maybe(List<Optional<String>> value) {}

  record MaybeMaybe(Optional<Optional<String>> value) {}

  record Generic<E>(E value) {}

  record UsesGeneric(Generic<String> value) {}

  record Named(Class<?> value) {}

  record Rounded(RoundingMode value) {}

  @Test
  void aTypeThatIsNotListedIsRefusedWithItsPath() {
    for (Class<?> type :
        List.of(
            Anything.class,
            Marked.class,
            Ordered.class,
            Numbered.class,
            Arrays.class,
            ArraysOfRecords.class,
            Raw.class,
            Unordered.class,
            Loose.class,
            OddKeys.class,
            MaybeMaybe.class,
            UsesGeneric.class,
            Named.class)) {
      assertThatThrownBy(() -> JsonCodec.of(type))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("/value: ")
          .hasMessageEndingWith(" (expected: a type that JsonCodec lists)");
    }
    for (Class<?> type : List.of(Wild.class, Bounded.class, Maybe.class)) {
      assertThatThrownBy(() -> JsonCodec.of(type)).hasMessageStartingWith("/value/*: ");
    }
    assertThat(JsonCodec.of(Rounded.class)).isNotNull();
  }

  record Deep(Optional<Map<String, List<Payment>>> orders, List<Inner> inner) {}

  record Inner(Map<String, Anything> things) {}

  @Test
  void thePathLeadsToTheTypeInTheDepth() {
    assertThatThrownBy(() -> JsonCodec.of(Deep.class))
        .hasMessage(
            "/inner/*/things/*/value: java.lang.Object (expected: a type that JsonCodec lists)");
  }

  @Test
  void onlyRecordsAndSealedInterfacesAreDocuments() {
    for (Class<?> type :
        List.of(
            Object.class,
            Serializable.class,
            Runnable.class,
            String.class,
            int.class,
            Line[].class,
            List.class,
            Map.class,
            RoundingMode.class,
            Record.class,
            Generic.class,
            OpenHierarchy.class,
            JsonCodec.class)) {
      assertThatThrownBy(() -> JsonCodec.of(type))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("type: " + type.getTypeName() + " (expected: a type that JsonCodec lists)");
    }
  }

  interface OpenHierarchy {}

  sealed interface WithOpenInterface permits Fine, Open {}

  record Fine(int number) implements WithOpenInterface {}

  non-sealed interface Open extends WithOpenInterface {}

  sealed interface WithClass permits Plain {}

  static final class Plain implements WithClass {}

  sealed interface WithEnum permits Answer {}

  enum Answer implements WithEnum {
    YES
  }

  record Holder(List<WithOpenInterface> value) {}

  @Test
  void aHierarchyOfMoreThanRecordsIsRefused() {
    assertHierarchyRefused(WithOpenInterface.class, "type: ", Open.class);
    assertHierarchyRefused(Holder.class, "/value/*: ", Open.class);
    assertHierarchyRefused(WithClass.class, "type: ", Plain.class);
    assertHierarchyRefused(WithEnum.class, "type: ", Answer.class);
  }

  private static void assertHierarchyRefused(Class<?> type, String start, Class<?> culprit) {
    assertThatThrownBy(() -> JsonCodec.of(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            start + culprit.getName() + " (expected: a record, or a sealed interface of them)");
  }

  sealed interface Clashing permits Clashing.HttpCall, Elsewhere.HTTPCall {
    record HttpCall() implements Clashing {}
  }

  static final class Elsewhere {
    private Elsewhere() {}

    record HTTPCall() implements Clashing {}
  }

  @Test
  void twoTypesOfOneNameAreRefusedUntilOneIsGivenAnother() {
    assertThatThrownBy(() -> JsonCodec.of(Clashing.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("name taken by another type: http-call");
    JsonOptions options = JsonOptions.strict().withName(Elsewhere.HTTPCall.class, "http-call-2");
    assertThat(JsonCodec.of(Clashing.class, options).encode(new Elsewhere.HTTPCall()).toUtf8())
        .isEqualTo("{\"type\":\"http-call-2\"}");
    assertThatThrownBy(
            () -> JsonCodec.of(Payment.class, JsonOptions.strict().withName(Card.class, "invoice")))
        .hasMessageEndingWith("name taken by another type: invoice");
  }

  sealed interface Kinds permits Kind {}

  record Kind(String type) implements Kinds {}

  @Test
  void aComponentNamedAsTheDiscriminatorIsRefused() {
    assertThatThrownBy(() -> JsonCodec.of(Kinds.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("component with the discriminator's name");
    JsonOptions options = JsonOptions.strict().withDiscriminator("is");
    assertThat(JsonCodec.of(Kinds.class, options).encode(new Kind("t")).toUtf8())
        .isEqualTo("{\"is\":\"kind\",\"type\":\"t\"}");
    assertThat(JsonCodec.of(Kind.class)).isNotNull();
  }

  record Endless(int number, Endless next) {}

  record Ping(Pong pong) {}

  record Pong(Ping ping) {}

  sealed interface Chain permits Link, End {}

  record Link(Chain next) implements Chain {}

  record End() implements Chain {}

  sealed interface Loop permits Round {}

  record Round(Loop next) implements Loop {}

  record Finite(Optional<Finite> maybe, List<Finite> list, Map<String, Finite> map, Chain chain) {}

  @Test
  void aTypeThatNoDocumentCouldHoldIsRefused() {
    for (Class<?> type : List.of(Endless.class, Ping.class, Loop.class)) {
      assertThatThrownBy(() -> JsonCodec.of(type))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("contains itself without end");
    }
    assertThat(JsonCodec.of(Finite.class)).isNotNull();
  }

  @SuppressWarnings("MemberName") // The underscore is the point.
  record Ground_Floor(int number) implements Floors {}

  record ThirdFloor(int number) implements Floors {}

  sealed interface Floors permits Ground_Floor, ThirdFloor {}

  @Test
  void aNameThatCannotBeDerivedMustBeGiven() {
    assertThatThrownBy(() -> JsonCodec.of(Floors.class))
        .hasMessageEndingWith("no name follows from it (expected: one given with withName)");
    JsonOptions options = JsonOptions.strict().withName(Ground_Floor.class, "floor");
    assertThat(JsonCodec.of(Floors.class, options).encode(new ThirdFloor(3)).toUtf8())
        .isEqualTo("{\"type\":\"third-floor\",\"number\":3}");
  }

  @Test
  void aNameForATypeThatIsNotNamedAnywhereIsRefused() {
    JsonOptions options = JsonOptions.strict().withName(Invoice.class, "bill");
    assertThat(JsonCodec.of(Payment.class, options)).isNotNull();
    assertThatThrownBy(() -> JsonCodec.of(Order.class, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("names: " + Invoice.class.getName());
  }

  @Test
  void namesAndDiscriminatorsHaveAForm() {
    JsonOptions options = JsonOptions.strict();
    for (String name : List.of("", "Card", "1card", "a b", "java/lang", "[card", "a".repeat(65))) {
      assertThatThrownBy(() -> options.withName(Card.class, name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("name: ");
    }
    for (String name : List.of("", "1", "a b", "a/b", "a~b", "é")) {
      assertThatThrownBy(() -> options.withDiscriminator(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("discriminator: ");
    }
  }

  @Test
  void optionsAreDataThatCopiesDoNotShare() {
    JsonOptions named = JsonOptions.strict().withName(Card.class, "plastic");
    assertThat(JsonOptions.strict().names()).isEmpty();
    assertThat(named.names()).containsExactly(Map.entry(Card.class, "plastic"));
    assertThat(named.withPreset(Preset.TOLERANT_READER).withName(Card.class, "card").names())
        .containsExactly(Map.entry(Card.class, "card"));
    assertThat(JsonOptions.tolerantReader().preset()).isEqualTo(Preset.TOLERANT_READER);
    assertThat(JsonOptions.strict().preset()).isEqualTo(Preset.STRICT);
    assertThat(JsonOptions.strict().limits()).isEqualTo(Limits.standard());
  }

  @Test
  void limitsHaveLimits() {
    Limits limits = Limits.standard();
    for (int bad : new int[] {Integer.MIN_VALUE, -1, 0}) {
      assertThatThrownBy(() -> limits.withSizeBytes(bad))
          .hasMessage("sizeBytes: " + bad + " (expected: 1 to 268435456)");
      assertThatThrownBy(() -> limits.withDepth(bad))
          .hasMessage("depth: " + bad + " (expected: 1 to 256)");
      assertThatThrownBy(() -> limits.withStringChars(bad)).hasMessageStartingWith("stringChars");
      assertThatThrownBy(() -> limits.withNameChars(bad)).hasMessageStartingWith("nameChars");
      assertThatThrownBy(() -> limits.withNumberChars(bad)).hasMessageStartingWith("numberChars");
      assertThatThrownBy(() -> limits.withItems(bad)).hasMessageStartingWith("items");
    }
    assertThatThrownBy(() -> limits.withDepth(257)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limits.withNumberChars(1_001))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
