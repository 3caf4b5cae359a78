package dev.ashlar.core.testkit.world;

import static dev.ashlar.core.testkit.world.Worlds.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultMixTest {

  private static final List<String> PLACES = List.of("a", "b", "c");
  private static final Duration LASTING = Duration.ofSeconds(100);

  @Test
  void theSameSeedGivesTheSameFaults() throws Exception {
    Seeds.check(
        50,
        (seed, random) ->
            assertThat(draw(FaultMix.ordinary(), seed)).isEqualTo(draw(FaultMix.ordinary(), seed)));
  }

  @Test
  void faultsComeInOrderAndAreOverBeforeTheLastQuarter() throws Exception {
    FaultMix mix =
        all().withFaultsMax(40).withLengths(Duration.ofMillis(5), Duration.ofSeconds(60));
    Seeds.check(
        300,
        (seed, random) -> {
          List<Fault> faults = draw(mix, seed);

          assertThat(faults)
              .hasSizeBetween(1, 40)
              .isSortedAccordingTo(Comparator.comparing(Fault::at));
          assertThat(faults)
              .filteredOn(fault -> !isDriftWithin(fault, 0.01))
              .allMatch(fault -> end(fault).compareTo(seconds(75)) <= 0);
          assertThat(faults)
              .allMatch(fault -> fault.at().plus(fault.lasting()).compareTo(LASTING) <= 0)
              .allMatch(fault -> PLACES.containsAll(fault.places()))
              .allMatch(fault -> !fault.describe().isBlank());
        });
  }

  /** Of the last message that it delays, too. */
  private static Duration end(Fault fault) {
    Duration end = fault.at().plus(fault.lasting());
    if (fault instanceof Fault.Delay delay) {
      return end.plus(delay.by());
    }
    if (fault instanceof Fault.Reordering reordering) {
      return end.plus(reordering.by());
    }
    return fault instanceof Fault.Duplication duplication ? end.plus(duplication.later()) : end;
  }

  @Test
  void whenItIsCalmNothingIsLateAnyMoreNorLost() throws Exception {
    long calm = Duration.ofSeconds(45).toNanos();
    long transit = Duration.ofMillis(2).toNanos();
    Simulation.<Long>of(
            world -> {
              List<Long> sent = new ArrayList<>();
              List<Long> came = new ArrayList<>();
              world.place(
                  "b",
                  env ->
                      (from, moment) -> {
                        long now = world.time().nanos();
                        if (now > calm + transit) {
                          assertThat(now - moment).isLessThanOrEqualTo(transit);
                        }
                        if (moment > calm + transit) {
                          came.add(moment);
                        }
                      });
              world.place(
                  "a",
                  env ->
                      new Actor<>() {
                        @Override
                        public void onStart() {
                          env.setTimer("tick", Duration.ofMillis(100));
                        }

                        @Override
                        public void onTimer(String name) {
                          long now = world.time().nanos();
                          if (now > calm + transit) {
                            sent.add(now);
                          }
                          env.send("b", now);
                          onStart();
                        }

                        @Override
                        public void onMessage(String from, Long message) {}
                      });
              return () -> {
                assertThat(sent).hasSizeBetween(148, 151);
                assertThat(came.subList(0, sent.size() - 1))
                    .isEqualTo(sent.subList(0, sent.size() - 1));
              };
            })
        .withFaults(all().withFaultsMax(30))
        .check(300);
  }

  private static boolean isDriftWithin(Fault fault, double bound) {
    return fault instanceof Fault.Drift drift
        && Math.abs(Math.log(drift.rate())) <= Math.log(1 + bound) / 2 + 1e-12;
  }

  @Test
  void driftKeepsItsBoundBetweenAnyTwoClocksAndExcessiveDriftBreaksIt() throws Exception {
    List<Double> rates = rates(FaultMix.none().with(Kind.DRIFT, 1).withDriftBound(0.05));
    double fastest = rates.stream().mapToDouble(rate -> rate).max().orElseThrow();
    double slowest = rates.stream().mapToDouble(rate -> rate).min().orElseThrow();
    assertThat(fastest / slowest).isLessThan(1.05 + 1e-9).isCloseTo(1.05, within(1e-3));

    assertThat(rates(FaultMix.none().with(Kind.EXCESSIVE_DRIFT, 1).withDriftBound(0.05)))
        .allMatch(rate -> Math.max(rate, 1 / rate) >= 1.05)
        .allMatch(rate -> Math.max(rate, 1 / rate) <= 2);
  }

  private static List<Double> rates(FaultMix mix) {
    List<Double> rates = new ArrayList<>();
    for (long seed = 0; seed < 200; seed++) {
      draw(mix, seed).forEach(fault -> rates.add(((Fault.Drift) fault).rate()));
    }
    return rates;
  }

  @Test
  void lengthsOfEachOrderOfMagnitudeAreEquallyLikely() {
    FaultMix mix =
        FaultMix.none()
            .with(Kind.PAUSE, 1)
            .withLengths(Duration.ofMillis(1), Duration.ofSeconds(1));
    int all = 0;
    int shorter = 0;
    for (long seed = 0; seed < 1000; seed++) {
      for (Fault fault : draw(mix, seed)) {
        all++;
        shorter += fault.lasting().compareTo(Duration.ofMillis(32)) < 0 ? 1 : 0;
      }
    }
    assertThat((double) shorter / all).isCloseTo(0.5, within(0.05));
  }

  @Test
  void kindsComeByTheirWeightsAndMeetThePlacesTheyMay() {
    FaultMix mix = FaultMix.none().with(Kind.PAUSE, 3, "a").with(Kind.DATA_LOSS, 1, "b", "c");
    int pauses = 0;
    int crashes = 0;
    for (long seed = 0; seed < 1000; seed++) {
      for (Fault fault : draw(mix, seed)) {
        if (fault instanceof Fault.Pause pause) {
          pauses++;
          assertThat(pause.place()).isEqualTo("a");
        } else {
          crashes++;
          assertThat(fault).isInstanceOf(Fault.Crash.class);
          assertThat(((Fault.Crash) fault).dataLost()).isTrue();
          assertThat(fault.places()).containsAnyOf("b", "c").doesNotContain("a");
        }
      }
    }
    assertThat((double) pauses / crashes).isCloseTo(3, within(0.4));
  }

  @Test
  void anOrdinaryMixLosesNoDataAndKeepsItsClocks() {
    for (long seed = 0; seed < 500; seed++) {
      assertThat(draw(FaultMix.ordinary(), seed))
          .noneMatch(fault -> fault instanceof Fault.Crash crash && crash.dataLost())
          .allMatch(fault -> !(fault instanceof Fault.Drift) || isDriftWithin(fault, 0.01));
    }
  }

  @Test
  void noKindsGiveNoFaultsAndOnePlaceHasANetworkToo() {
    assertThat(draw(FaultMix.none(), 1)).isEmpty();
    assertThat(all().draw(Seeds.random(1), List.of("a"), LASTING)).isNotEmpty();
  }

  @Test
  void itSaysWhatIsInIt() {
    // [doc:FaultMix]
    FaultMix mix =
        FaultMix.none()
            .with(Kind.PAUSE, 3, "a", "b")
            .with(Kind.CUT, 1)
            .withLengths(Duration.ofMillis(10), Duration.ofSeconds(30));
    // [/doc]
    assertThat(mix)
        .hasToString(
            "up to 8 faults of PT0.01S to PT30S, drift bound 0.01, [3 PAUSE of [a, b], 1 CUT]");
  }

  @Test
  void badSettingsAreRefused() {
    FaultMix mix = FaultMix.none();
    assertThatThrownBy(() -> mix.with(Kind.CUT, 0)).hasMessage("weight: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> mix.withFaultsMax(0)).hasMessage("faults: 0 (expected: 1 to 100)");
    assertThatThrownBy(() -> mix.withDriftBound(-1)).hasMessage("bound: -1.0 (expected: 0 to 1)");
    assertThatThrownBy(() -> mix.withLengths(seconds(2), seconds(1)))
        .hasMessageContaining("lengths:");
    assertThatThrownBy(() -> draw(mix.with(Kind.CRASH, 1, "d"), 1))
        .hasMessage("CRASH: [d] (expected: of [a, b, c])");
    assertThatThrownBy(() -> new Fault.Drift(seconds(0), seconds(1), "a", 0))
        .hasMessage("rate: 0.0 (expected: 0.1 to 10)");
    assertThatThrownBy(
            () -> new Fault.Loss(seconds(0), seconds(1), Fault.Route.oneWay("a", "b"), 0))
        .hasMessage("share: 0.0 (expected: above 0, to 1)");
    assertThatThrownBy(() -> new Fault.WallJump(seconds(-1), "a", seconds(1)))
        .hasMessageContaining("at: PT-1S");
  }

  private static FaultMix all() {
    FaultMix mix = FaultMix.none();
    for (Kind kind : Kind.values()) {
      mix = mix.with(kind, 1);
    }
    return mix;
  }

  private static List<Fault> draw(FaultMix mix, long seed) {
    return mix.draw(Seeds.random(seed), PLACES, LASTING);
  }
}
