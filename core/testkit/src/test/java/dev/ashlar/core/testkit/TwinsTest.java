package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwinsTest {

  @TempDir private Path folder;

  @Test
  void aTwinThatFailsAnAssertionOfThePropertyIsCaught() throws IOException {
    assertThatCode(() -> catches("S-1", OffByOneTwin.class)).doesNotThrowAnyException();

    assertThat(Files.readAllLines(folder.resolve("t.jsonl")))
        .containsExactly(
            "{\"type\":\"twin\",\"property\":\"S-1\",\"twin\":\"OffByOne\",\"result\":\"caught\"}");
  }

  @Test
  void oneFailingInvocationOfSeveralIsEnough() {
    assertThatCode(() -> catches("S-3", OffByOneTwin.class)).doesNotThrowAnyException();
  }

  @Test
  void aTwinThatPassesThePropertyIsMissedThoughItFailsAnother() throws IOException {
    assertThatThrownBy(() -> catches("S-2", OffByOneTwin.class))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "S-2 missed the twin OffByOne (expected: an AssertionError): nothingAddsUpToZero():"
                + " SUCCESSFUL");

    assertThat(Files.readString(folder.resolve("t.jsonl"))).contains("\"result\":\"missed\"");
  }

  @Test
  void anyOtherExceptionIsAMiss() {
    assertThatThrownBy(() -> catches("S-1", ThrowsTwin.class))
        .hasMessageContaining("FAILED, java.lang.IllegalStateException: broken")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThatThrownBy(() -> catches("S-1", CrashesTwin.class))
        .hasMessageContaining("SimulatedCrash");
  }

  @Test
  void anAssertionInTheSetUpOrTheTearDownIsAMiss() {
    assertThatThrownBy(() -> catches("S-1", BadSetUpTwin.class))
        .hasMessageContaining("FAILED outside the test's body, java.lang.AssertionError: set-up");
    assertThatThrownBy(() -> catches("S-1", BadTearDownTwin.class))
        .hasMessageContaining("FAILED outside the test's body");
  }

  @Test
  void aSkippedTestIsAMiss() {
    assertThatThrownBy(() -> catches("S-4", OffByOneTwin.class))
        .hasMessageContaining("ABORTED")
        .hasMessageContaining("denied by guarantees: never");
  }

  @Test
  void aPropertyThatNoTestProvesIsAMiss() {
    assertThatThrownBy(() -> catches("S-99", OffByOneTwin.class))
        .hasMessage(
            "S-99 missed the twin OffByOne (expected: an AssertionError): no test proves it");
  }

  @Test
  void eachTwinAndPropertyBecomesATest() {
    // [doc:Twins]
    Stream<DynamicTest> tests =
        Twins.of(OffByOneTwin.class, "S-1", "S-3").and(ThrowsTwin.class, "S-2").tests();
    // [/doc]

    assertThat(tests)
        .extracting(test -> test.getDisplayName())
        .containsExactly("S-1 catches OffByOne", "S-3 catches OffByOne", "S-2 catches Throws");
    assertThatThrownBy(() -> Twins.of(OffByOneTwin.class))
        .hasMessage("properties: none (expected: at least one)");
  }

  private void catches(String property, Class<? extends Contract> twin) {
    Twins.catches(property, twin, new EvidenceLog(folder.toString(), "t.jsonl"));
  }

  abstract static class SumContract extends Contract {

    abstract int sum(int... numbers);

    @Override
    protected Set<String> guarantees() {
      return Set.of();
    }

    @Test
    @Proves("S-1")
    void oneAndTwoAreThree() {
      assertThat(sum(1, 2)).isEqualTo(3);
    }

    @Test
    @Proves("S-2")
    void nothingAddsUpToZero() {
      assertThat(sum()).isZero();
    }

    @RepeatedTest(2)
    @Proves("S-3")
    void oneIsOne() {
      assertThat(sum(1)).isEqualTo(1);
    }

    @Test
    @Proves(value = "S-4", guarantee = "never")
    void neverRun() {
      assertThat(sum(1)).isEqualTo(1);
    }
  }

  static class OffByOneTwin extends SumContract {
    @Override
    int sum(int... numbers) {
      int sum = 0;
      for (int i = 1; i < numbers.length; i++) {
        sum += numbers[i];
      }
      return sum;
    }
  }

  static class ThrowsTwin extends SumContract {
    @Override
    int sum(int... numbers) {
      throw new IllegalStateException("broken");
    }
  }

  static class CrashesTwin extends SumContract {
    @Override
    int sum(int... numbers) {
      throw new SimulatedCrash("sum");
    }
  }

  static class BadSetUpTwin extends OffByOneTwin {
    @BeforeEach
    void fail() {
      throw new AssertionError("set-up");
    }
  }

  static class BadTearDownTwin extends SumContract {
    @Override
    int sum(int... numbers) {
      return numbers.length == 0 ? 0 : 3;
    }

    @AfterEach
    void fail() {
      throw new AssertionError("tear-down");
    }
  }
}
