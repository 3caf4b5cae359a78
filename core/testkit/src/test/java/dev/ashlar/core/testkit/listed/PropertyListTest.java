package dev.ashlar.core.testkit.listed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.PropertyList;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class PropertyListTest {

  @Test
  void whatIsListedIsProvedAndTheRestIsTold() {
    // [doc:PropertyList]
    Set<String> others =
        PropertyList.beside(CounterContract.class)
            .assertProved("counter", 2, CounterContract.class);
    // [/doc]
    assertThat(others).containsExactly("L-9");
  }

  @Test
  void anotherCountIsTold() {
    assertRefused("counter", 3).hasMessage("properties of counter: 2 (expected: 3)");
  }

  @Test
  void aPropertyWithoutATestIsTold() {
    assertRefused("unproved", 1).hasMessage("L-3: no test carries it (expected: at least one)");
  }

  @Test
  void aRequiredPropertyWhoseTestsMayBeSkippedIsTold() {
    assertRefused("skippable", 1)
        .hasMessage("L-2: required, but each of its tests may be skipped, for [durable]");
  }

  @Test
  void aPropertyWithAnotherGuaranteeOrNoneIsTold() {
    assertRefused("unconditional", 1).hasMessage("L-1: proved under [] (expected: durable alone)");
    assertRefused("otherwise", 1).hasMessage("L-2: proved under [durable] (expected: fifo alone)");
  }

  @Test
  void aPropertyThatStandsTwiceIsTold() {
    assertRefused("twice", 2).hasMessage("L-1: twice in the list (expected: once)");
  }

  @Test
  void aMissingListIsTold() {
    assertThatThrownBy(() -> PropertyList.beside(String.class))
        .isInstanceOf(AssertionError.class)
        .hasMessage("properties.json: missing (expected: beside java.lang.String)");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      String kind, int count) {
    return assertThatThrownBy(
            () ->
                PropertyList.beside(CounterContract.class)
                    .assertProved(kind, count, CounterContract.class))
        .isInstanceOf(AssertionError.class);
  }
}
