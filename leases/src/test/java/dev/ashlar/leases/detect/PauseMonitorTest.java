package dev.ashlar.leases.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.detect.PauseMonitor.Pause;
import dev.ashlar.leases.detect.PauseMonitor.Sign;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
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

  /** Whichever reading of whichever clock it comes before, and whichever clock it shows in. */
  @Test
  void aPauseWithinATickIsNotOverlooked() {
    for (boolean isSuspension : new boolean[] {false, true}) {
      for (int reading = 0; reading < 4; reading++) {
        StopsAtReading stopping = new StopsAtReading(isSuspension);
        PauseMonitor stopped = PauseMonitor.of(SECOND, SECOND, stopping, Observer.none());
        stopping.clocks.advance(SECOND);
        stopping.left = reading;
        stopped.tick();
        stopping.stop();
        assertThat(stopped.runningFor())
            .as("suspension %s, at reading %s", isSuspension, reading)
            .isZero();
      }
    }
  }

  /** Stands still for ten seconds before one of the readings of its clocks. */
  private static final class StopsAtReading implements TimeSource {
    private final ManualTime clocks = ManualTime.create();
    private final boolean isSuspension;
    private long left = Long.MAX_VALUE;
    private boolean stopped;

    StopsAtReading(boolean isSuspension) {
      this.isSuspension = isSuspension;
    }

    private void read() {
      if (left == 0) {
        stop();
      }
      left--;
    }

    /** If no reading was left to do it at, it does it now. */
    void stop() {
      if (!stopped) {
        stopped = true;
        Duration length = Duration.ofSeconds(10);
        if (isSuspension) {
          clocks.jumpWall(length);
        } else {
          clocks.advance(length);
        }
      }
    }

    @Override
    public long nanos() {
      read();
      return clocks.nanos();
    }

    @Override
    public Instant wallTime() {
      read();
      return clocks.wallTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      clocks.sleep(duration);
    }

    @Override
    public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
      return clocks.await(condition, deadline);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return clocks.after(delay, task);
    }
  }

  @Test
  void lengthsHaveBounds() {
    assertThatThrownBy(() -> PauseMonitor.of(Duration.ZERO, SECOND, time, Observer.none()))
        .hasMessage("tickEvery: PT0S (expected: PT0.001S to PT1H)");
    assertThatThrownBy(() -> PauseMonitor.of(SECOND, Duration.ofHours(2), time, Observer.none()))
        .hasMessage("pauseMin: PT2H (expected: PT0.001S to PT1H)");
  }
}
