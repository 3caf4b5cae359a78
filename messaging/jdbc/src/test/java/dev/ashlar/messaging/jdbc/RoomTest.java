package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomTest {

  private final ManualTime time = ManualTime.create();
  private final Room room = new Room(time);

  @Test
  void nothingMayBeWrittenBeforeTheFirstCount() {
    assertThat(room.take(1)).isZero();
  }

  @Test
  void aCountIsGoodForAnEighthOfTheRoom() {
    assertThat(room.grantAndTake(80, 4)).isEqualTo(4);
    assertThat(room.take(100)).isEqualTo(6);
    assertThat(room.take(1)).isZero();
  }

  @Test
  void nearTheBoundEachRowIsCounted() {
    assertThat(room.grantAndTake(7, 5)).isEqualTo(1);
    assertThat(room.take(1)).isZero();
    assertThat(room.grantAndTake(0, 1)).isZero();
    assertThat(room.grantAndTake(-3, 1)).isZero();
  }

  @Test
  void aCountIsGoodForAThousandRowsAtMost() {
    assertThat(room.grantAndTake(1_000_000, 5000)).isEqualTo(1000);
  }

  @Test
  void aCountIsGoodForASecondAtMost() {
    room.grantAndTake(800, 1);
    time.advance(Duration.ofSeconds(1));
    assertThat(room.take(1)).isEqualTo(1);

    time.advance(Duration.ofNanos(1));

    assertThat(room.take(1)).isZero();
  }

  @Test
  void aClockThatBeginsAtZeroGrantsNothingByItself() {
    assertThat(new Room(ManualTime.nearOverflow()).take(1)).isZero();
  }
}
