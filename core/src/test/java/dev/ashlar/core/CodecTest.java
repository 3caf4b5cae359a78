package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CodecTest {

  private final Codec<TimeUnit> unit = Codec.utf8().as(TimeUnit::valueOf, TimeUnit::name);

  @Test
  void aWrappedCodecKeepsTheWireForm() {
    assertThat(unit.encode(TimeUnit.DAYS)).isEqualTo(Bytes.utf8("DAYS"));
    assertThat(unit.decode(Bytes.utf8("DAYS"))).isEqualTo(TimeUnit.DAYS);
    assertThat(unit.mediaType()).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void whatTheTypeRefusesIsAnInvalidValueAndIsNotShown() {
    assertThatThrownBy(() -> unit.decode(Bytes.utf8("secret")))
        .isInstanceOfSatisfying(
            MalformedDataException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(MalformedDataException.Reason.INVALID_VALUE);
              assertThat(e).hasNoCause();
            })
        .hasMessage("value refused by its type");
  }

  @Test
  void aFailureOfTheInnerCodecComesThroughAsItIs() {
    assertThatThrownBy(() -> unit.decode(Bytes.copyOf(new byte[] {-1})))
        .isInstanceOfSatisfying(
            MalformedDataException.class,
            e -> assertThat(e.reason()).isEqualTo(MalformedDataException.Reason.MALFORMED));
  }

  @Test
  void bytesGoThroughUntouched() {
    Bytes bytes = Bytes.copyOf(new byte[] {-1, 0});

    assertThat(Codec.bytes().decode(Codec.bytes().encode(bytes))).isSameAs(bytes);
    assertThat(Codec.bytes().mediaType()).isEqualTo("application/octet-stream");
  }
}
