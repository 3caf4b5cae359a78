package dev.ashlar.leases.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.detect.PauseMonitor.Pause;
import dev.ashlar.leases.detect.PauseMonitor.Sign;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseMonitorTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTime time = ManualTime.nearOverflow();
  private final CountingObserver observer = new CountingObserver();
  private final PauseMonitor monitor = PauseMonitor.of(SECOND, SECOND, time, observer);

  @Test
  void ticksInTimeFindNothing() {
    for (int i = 0; i < 10; i++) {
      time.advance(Duration.ofMillis(900 + 100 * (i % 3)));
      assertThat(monitor.tick()).isEmpty();
    }
    assertThat(monitor.last()).isEmpty();
    assertThat(monitor.runningFor()).isGreaterThan(Duration.ofSeconds(9));
  }

  @Test
  void aLateTickIsAPauseFromTheElapsedClock() {
    time.advance(monitor.overlookedMax());
    assertThat(monitor.runningFor()).isEqualTo(monitor.overlookedMax());
    time.advance(Duration.ofSeconds(9));

    assertThat(monitor.runningFor()).as("before the tick").isZero();
    assertThat(monitor.tick()).contains(new Pause(Duration.ofSeconds(10), Sign.LATE_TICK));
    assertThat(monitor.last()).contains(new Pause(Duration.ofSeconds(10), Sign.LATE_TICK));
    assertThat(observer.count("leases.pause")).isEqualTo(1);

    time.advance(SECOND);
    assertThat(monitor.tick()).isEmpty();
    assertThat(monitor.runningFor()).isEqualTo(SECOND);
    assertThat(monitor.last()).isPresent();
  }

  @Test
  void aSuspendedMachineShowsInTheWallClock() {
    time.advance(SECOND);
    time.jumpWall(Duration.ofSeconds(20));

    assertThat(monitor.runningFor()).isZero();
    assertThat(monitor.tick()).contains(new Pause(Duration.ofSeconds(20), Sign.WALL_AHEAD));
  }

  @Test
  void aWallClockThatIsSetBackOrByCenturiesIsNoError() {
    time.jumpWall(Duration.ofDays(200_000).negated());
    assertThat(monitor.tick()).isEmpty();
    time.jumpWall(Duration.ofDays(400_000));
    assertThat(monitor.tick()).map(Pause::sign).contains(Sign.WALL_AHEAD);
  }

  @Test
  void lengthsHaveBounds() {
    assertThatThrownBy(() -> PauseMonitor.of(Duration.ZERO, SECOND, time, Observer.none()))
        .hasMessage("tickEvery: PT0S (expected: PT0.001S to PT1H)");
    assertThatThrownBy(() -> PauseMonitor.of(SECOND, Duration.ofHours(2), time, Observer.none()))
        .hasMessage("pauseMin: PT2H (expected: PT0.001S to PT1H)");
  }
}
