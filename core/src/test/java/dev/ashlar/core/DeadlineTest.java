package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private static final Duration TWO = Duration.ofSeconds(2);

  @Test
  void theTimeLeftShrinksToZeroAndNoFurther() {
    SetTime time = new SetTime(0);
    Deadline deadline = Deadline.after(TWO, time);

    assertThat(deadline.remaining()).isEqualTo(TWO);
    time.advance(Duration.ofMillis(1999));
    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(1));
    assertThat(deadline.hasExpired()).isFalse();
    time.advance(Duration.ofMillis(1));
    assertThat(deadline.hasExpired()).isTrue();
    time.advance(Duration.ofDays(1));
    assertThat(deadline.remaining()).isZero();
  }

  @Test
  void anOverflowOfTheClockInBetweenChangesNothing() {
    for (long origin : List.of(Long.MAX_VALUE - 5, Long.MAX_VALUE, Long.MIN_VALUE, -5L)) {
      SetTime time = new SetTime(origin);
      Deadline deadline = Deadline.after(TWO, time);
      Deadline shorter = deadline.shortenedTo(Duration.ofSeconds(1));

      time.advance(Duration.ofSeconds(1));

      assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(1));
      assertThat(shorter.hasExpired()).isTrue();
    }
  }

  @Test
  void jumpsOfTheWallClockChangeNothing() {
    SetTime time = new SetTime(0);
    Deadline deadline = Deadline.after(TWO, time);

    time.wall = Instant.EPOCH;

    assertThat(deadline.remaining()).isEqualTo(TWO);
  }

  @Test
  void aYearIsTheLongestAndNegativeIsRefused() {
    SetTime time = new SetTime(Long.MAX_VALUE);

    assertThat(Deadline.after(Deadline.LONGEST, time).remaining()).isEqualTo(Deadline.LONGEST);
    assertThat(Deadline.after(Duration.ZERO, time).hasExpired()).isTrue();
    assertThatThrownBy(() -> Deadline.after(Deadline.LONGEST.plusNanos(1), time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration: PT8760H0.000000001S (expected: 0 to PT8760H)");
    assertThatThrownBy(() -> Deadline.after(Duration.ofNanos(-1), time))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCapShortensAndNeverLengthens() {
    Deadline deadline = Deadline.after(TWO, new SetTime(0));

    assertThat(deadline.shortenedTo(Duration.ofSeconds(1)).remaining())
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(deadline.shortenedTo(Duration.ofSeconds(3))).isSameAs(deadline);
    assertThat(deadline.shortenedTo(Duration.ofSeconds(Long.MAX_VALUE))).isSameAs(deadline);
    assertThat(deadline.shortenedTo(Duration.ofSeconds(Long.MIN_VALUE)).hasExpired()).isTrue();
    assertThat(deadline.shortenedTo(Duration.ZERO).hasExpired()).isTrue();
  }

  @Test
  void itKnowsItsClockAndShowsWhatIsLeft() {
    SetTime time = new SetTime(0);

    assertThat(Deadline.after(TWO, time).time()).isSameAs(time);
    assertThat(Deadline.after(TWO, time)).hasToString("Deadline in PT2S");
  }
}
