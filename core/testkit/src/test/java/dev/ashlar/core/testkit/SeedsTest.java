package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedsTest {

  private Optional<String> before = Optional.empty();

  @BeforeEach
  void forgetTheSeedOfThisRun() {
    before = Optional.ofNullable(System.clearProperty(Seeds.PROPERTY));
  }

  @AfterEach
  void restoreTheSeedOfThisRun() {
    System.clearProperty(Seeds.PROPERTY);
    before.ifPresent(seed -> System.setProperty(Seeds.PROPERTY, seed));
  }

  @Test
  void eachRoundHasItsOwnSeed() throws Exception {
    List<Long> seeds = new ArrayList<>();
    List<Long> drawn = new ArrayList<>();

    Seeds.check(
        100,
        (seed, random) -> {
          seeds.add(seed);
          drawn.add(random.nextLong());
        });

    assertThat(seeds).hasSize(100).doesNotHaveDuplicates();
    assertThat(drawn).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void twoRunsDrawDifferentSeeds() {
    assertThat(Seeds.next()).isNotEqualTo(Seeds.next());
  }

  @Test
  void theSeedInAFailuresMessageRepeatsTheFailure() {
    List<Long> drawn = new ArrayList<>();
    AssertionError failure = failureOf(drawn);
    System.setProperty(
        Seeds.PROPERTY,
        String.valueOf(failure.getMessage()).replaceFirst("(?s).*=(-?\\d+): .*", "$1"));
    List<Long> again = new ArrayList<>();

    assertThat(failureOf(again)).hasMessageContaining("round 1 of 1000000");
    assertThat(again).containsExactly(drawn.get(drawn.size() - 1));
  }

  private static AssertionError failureOf(List<Long> drawn) {
    try {
      Seeds.check(
          1_000_000,
          (seed, random) -> {
            long value = random.nextLong(100);
            drawn.add(value);
            assertThat(value).isNotEqualTo(42);
          });
    } catch (AssertionError e) {
      return e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("expected: a failure");
  }

  @Test
  void aFailureThatIsNoAssertionKeepsItsKindAndNotesTheSeed() {
    System.setProperty(Seeds.PROPERTY, "7");
    IllegalStateException failure = new IllegalStateException("broken");

    assertThatThrownBy(
            () ->
                Seeds.check(
                    3,
                    (seed, random) -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(failure.getSuppressed()[0]).hasMessage("round 1 of 3, repeat with -Dashlar.seed=7");
  }

  @Test
  void aSettingThatIsNoNumberAndNoRoundsAreRefused() {
    System.setProperty(Seeds.PROPERTY, "x");

    assertThatThrownBy(Seeds::next).hasMessage("ashlar.seed: x (expected: a number)");
    assertThatThrownBy(() -> Seeds.check(0, (seed, random) -> {}))
        .hasMessage("rounds: 0 (expected: >= 1)");
  }
}
