package dev.ashlar.leases.keep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Three clocks compared, without a clock: the watch is told the time. */
class PauseWatchTest {

  /** Close to where the counter overflows, as a counter may be. */
  private static final long START = Long.MAX_VALUE - 2_000_000_000L;

  private static final Instant WALL = Instant.parse("2026-01-02T03:04:05Z");

  private final PauseWatch watch =
      new PauseWatch(Duration.ofSeconds(1), Duration.ofSeconds(4), START, WALL);

  private long tick(double elapsed, double wall) {
    return watch.tick(START + nanos(elapsed), WALL.plusNanos(nanos(wall)));
  }

  private long look(double elapsed, double wall) {
    return watch.look(START + nanos(elapsed), WALL.plusNanos(nanos(wall)));
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  @Test
  void whatGoesOnIsNoPause() {
    assertThat(tick(1, 1)).isZero();
    assertThat(tick(2.5, 2.4)).isZero();
    assertThat(look(7.4, 7.3)).isZero();
  }

  @Test
  void aWakeUpThatComesFarTooLateIsAPause() {
    assertThat(tick(5, 5)).isZero();
    assertThat(tick(10.1, 10.1)).isEqualTo(1);
    assertThat(tick(11.1, 11.1)).isEqualTo(1);
  }

  @Test
  void whoLooksFirstAfterAPauseNoticesItOnce() {
    assertThat(look(60, 60)).isEqualTo(1);
    assertThat(look(60, 60)).isEqualTo(1);
    assertThat(tick(60, 60)).isEqualTo(1);
  }

  @Test
  void aWallClockThatRanOnWhileTheOtherStoodIsAPause() {
    assertThat(tick(1, 1)).isZero();
    assertThat(look(1.5, 5.4)).isZero();
    assertThat(look(1.5, 5.6)).isEqualTo(1);
  }

  @Test
  void aWallClockThatWasSetBackIsNoPause() {
    assertThat(look(1, -86_400)).isZero();
    assertThat(look(2, -86_399)).isZero();
    assertThat(look(2, -86_390)).isEqualTo(1);
  }
}
