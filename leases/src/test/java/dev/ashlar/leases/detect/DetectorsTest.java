package dev.ashlar.leases.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the two detectors calculate; what they promise is in the contract. */
class DetectorsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTime time = ManualTime.create();
  private final PauseMonitor local = PauseMonitor.of(SECOND, SECOND, time, Observer.none());

  private void pass(FailureDetector<String> detector, Duration length) {
    for (Duration left = length; !left.isZero(); ) {
      Duration step = left.compareTo(SECOND) < 0 ? left : SECOND;
      time.advance(step);
      detector.tick();
      left = left.minus(step);
    }
  }

  @Test
  void theLevelOfATimeoutIsTheShareThatIsOver() {
    FailureDetector<String> detector = HeartbeatDetector.of(Duration.ofSeconds(4), local, time);
    detector.watch("b");
    assertThat(detector.heartbeat("b", Heartbeat.first(1))).isTrue();
    pass(detector, Duration.ofSeconds(1));
    assertThat(detector.suspicion("b")).isEqualTo(new Suspicion(0.25, SECOND, Verdict.ALIVE));
    pass(detector, Duration.ofMillis(2999));
    assertThat(detector.suspicion("b").verdict()).isEqualTo(Verdict.ALIVE);
    pass(detector, Duration.ofMillis(1));
    assertThat(detector.suspicion("b"))
        .isEqualTo(new Suspicion(1, Duration.ofSeconds(4), Verdict.SUSPECTED));
  }

  /** 1 s, and 3 s that are accepted; six deviations of 250 ms later one in a thousand million. */
  @Test
  void phiIsTheLogarithmOfTheTail() {
    FailureDetector<String> detector = PhiAccrualDetector.of(PhiOptions.standard(), local, time);
    detector.watch("b");
    assertThat(detector.heartbeat("b", Heartbeat.first(1))).isTrue();
    pass(detector, Duration.ofSeconds(4));
    assertThat(detector.suspicion("b").level()).isCloseTo(0.30103, within(1e-5));
    pass(detector, Duration.ofMillis(250));
    assertThat(detector.suspicion("b").level()).isCloseTo(0.79955, within(1e-5));
    pass(detector, Duration.ofMillis(1250));
    assertThat(detector.suspicion("b").level()).isCloseTo(9.00586, within(1e-5));
    assertThat(detector.suspicion("b").verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  void phiFollowsTheRhythmWithinItsWindow() {
    FailureDetector<String> detector =
        PhiAccrualDetector.of(PhiOptions.standard().withWindow(10), local, time);
    detector.watch("b");
    Heartbeat number = Heartbeat.first(1);
    assertThat(detector.heartbeat("b", number)).isTrue();
    for (int i = 0; i < 20; i++) {
      pass(detector, Duration.ofSeconds(2));
      number = number.next();
      assertThat(detector.heartbeat("b", number)).isTrue();
    }
    pass(detector, Duration.ofMillis(5100));
    assertThat(detector.suspicion("b").level()).isCloseTo(0.79955, within(1e-5));
  }

  /** One of 4 s among those of 1 s, and it takes 7.8 s and not 4.6 to be suspected. */
  @Test
  void phiTakesALongGapThatWasNotSuspectedForRhythm() {
    FailureDetector<String> detector = PhiAccrualDetector.of(PhiOptions.standard(), local, time);
    detector.watch("b");
    Heartbeat number = Heartbeat.first(1);
    assertThat(detector.heartbeat("b", number)).isTrue();
    for (int i = 0; i < 20; i++) {
      pass(detector, i == 10 ? Duration.ofSeconds(4) : SECOND);
      assertThat(detector.suspicion("b").verdict()).isEqualTo(Verdict.ALIVE);
      number = number.next();
      assertThat(detector.heartbeat("b", number)).isTrue();
    }
    pass(detector, Duration.ofSeconds(6));
    assertThat(detector.suspicion("b").verdict()).isEqualTo(Verdict.ALIVE);
    pass(detector, Duration.ofSeconds(2));
    assertThat(detector.suspicion("b").verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  /** What piled up during a pause here comes all at once, which is no rhythm. */
  @Test
  void phiDoesNotLearnFromAPauseHere() {
    FailureDetector<String> detector =
        PhiAccrualDetector.of(PhiOptions.standard().withWindow(10), local, time);
    detector.watch("b");
    Heartbeat number = Heartbeat.first(1);
    assertThat(detector.heartbeat("b", number)).isTrue();
    time.advance(Duration.ofMillis(3500));
    detector.tick();
    for (int i = 0; i < 20; i++) {
      number = number.next();
      assertThat(detector.heartbeat("b", number)).isTrue();
    }
    pass(detector, Duration.ofMillis(4250));
    assertThat(detector.suspicion("b").level()).isCloseTo(0.79955, within(1e-5));
  }

  @Test
  void nodesThatAreNotWatchedAreUnknown() {
    FailureDetector<String> detector = HeartbeatDetector.of(Duration.ofSeconds(4), local, time);
    assertThat(detector.heartbeat("b", Heartbeat.first(1))).isFalse();
    detector.watch("b");
    assertThat(detector.heartbeat("b", Heartbeat.first(2))).isTrue();
    detector.watch("b");
    assertThat(detector.heartbeat("b", Heartbeat.first(1))).as("watched already").isFalse();
    detector.forget("b");
    assertThat(detector.suspicion("b")).isEqualTo(new Suspicion(0, Duration.ZERO, Verdict.UNKNOWN));
    detector.watch("b");
    assertThat(detector.heartbeat("b", Heartbeat.first(1))).as("after it was forgotten").isTrue();
  }

  @Test
  void noMoreThanAThousandAreWatched() {
    FailureDetector<Integer> detector = PhiAccrualDetector.of(PhiOptions.standard(), local, time);
    for (int i = 0; i < FailureDetector.NODES_MAX; i++) {
      detector.watch(i);
    }
    detector.watch(0);
    assertThatThrownBy(() -> detector.watch(-1)).hasMessage("nodes: 1000 (expected: fewer)");
  }

  @Test
  void optionsHaveBounds() {
    assertThatThrownBy(() -> HeartbeatDetector.of(Duration.ofSeconds(3), local, time))
        .hasMessage("timeout: PT3S (expected: PT4S to PT24H)");
    PhiOptions standard = PhiOptions.standard();
    assertThatThrownBy(
            () -> PhiAccrualDetector.of(standard.withAcceptablePause(SECOND), local, time))
        .hasMessage("acceptablePause: PT1S (expected: >= PT2S)");
    assertThatThrownBy(() -> standard.withThreshold(0))
        .hasMessage("threshold: 0.0 (expected: above 0, to 300)");
    assertThatThrownBy(() -> standard.withThreshold(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> standard.withWindow(1)).hasMessage("window: 1 (expected: 2 to 10000)");
    assertThatThrownBy(() -> standard.withMinStdDev(Duration.ZERO))
        .hasMessage("minStdDev: PT0S (expected: PT0.001S to PT1H)");
    assertThatThrownBy(() -> standard.withFirstEstimate(Duration.ofHours(2)))
        .hasMessage("firstEstimate: PT2H (expected: PT0.001S to PT1H)");
    assertThatThrownBy(() -> new Heartbeat(-1, 1)).hasMessage("incarnation: -1 (expected: >= 0)");
    assertThatThrownBy(() -> new Heartbeat(1, 0)).hasMessage("sequence: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new Suspicion(Double.NaN, SECOND, Verdict.ALIVE))
        .hasMessage("level: NaN (expected: >= 0, finite)");
  }
}
