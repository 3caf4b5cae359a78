package dev.ashlar.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Positions of all engines compare, print and come back. */
class PositionTest {

  @Test
  void aGreaterNumberIsLaterHoweverLong() {
    assertThat(Position.of("0", 10).isAfter(Position.of("0", 9))).isTrue();
    assertThat(Position.of("0", 9).isAfter(Position.of("0", 10))).isFalse();
    assertThat(Position.of("0", 9).isAfter(Position.of("0", 9))).isFalse();
    Position kinesis = new Position("shardId-000000000001", "4" + "9".repeat(55));
    assertThat(new Position("shardId-000000000001", "5" + "0".repeat(55)).isAfter(kinesis))
        .isTrue();
  }

  @Test
  void positionsOfTwoPartitionsHaveNoOrder() {
    assertThatThrownBy(() -> Position.of("0", 1).isAfter(Position.of("1", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("other: of partition 1 (expected: 0)");
  }

  @Test
  void whatIsPrintedIsReadBack() {
    Position position = new Position("shardId-000000000001", "4".repeat(Position.TOKEN_MAX));

    assertThat(Position.parse(position.toString())).contains(position);
    assertThat(Position.parse("0@")).isEmpty();
    assertThat(Position.parse("12")).isEmpty();
    assertThat(Position.parse("0@x")).isEmpty();
  }

  @Test
  void aTokenIsANumberWithoutALeadingZero() {
    for (String token : new String[] {"", "01", "-1", "1a", "9".repeat(161)}) {
      assertThatThrownBy(() -> new Position("0", token))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("token: ");
    }
    assertThat(new Position("0", "0").token()).isEqualTo("0");
  }

  @Test
  void aPositionOfANumberIsTheOneOfItsText() {
    for (long number : new long[] {0, 7, 999_999_999_999_999_999L, Long.MAX_VALUE}) {
      Position ofNumber = Position.of("3", number);
      Position ofText = new Position("3", Long.toString(number));

      assertThat(ofNumber).isEqualTo(ofText).hasSameHashCodeAs(ofText).hasToString("3@" + number);
      assertThat(ofNumber.token()).isEqualTo(ofText.token());
      assertThat(ofText.number()).isEqualTo(number);
      assertThat(ofNumber).isNotEqualTo(Position.of("4", number));
      assertThat(ofNumber).isNotEqualTo(new Position("3", "1" + number));
    }
    assertThat(Position.of("0", Long.MAX_VALUE).isAfter(Position.of("0", 9))).isTrue();
    assertThat(Position.of("0", 9).isAfter(Position.of("0", Long.MAX_VALUE))).isFalse();
    assertThatThrownBy(() -> Position.of("0", -1)).hasMessageStartingWith("token: ");
  }

  @Test
  void aLongTokenIsNoNumber() {
    Position tooLarge = new Position("0", "9".repeat(19));

    assertThatThrownBy(tooLarge::number)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token: 19 digits (expected: at most 9223372036854775807)");
  }
}
