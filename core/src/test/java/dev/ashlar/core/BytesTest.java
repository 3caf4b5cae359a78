package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class BytesTest {

  private static final Bytes ABCDE = Bytes.utf8("abcde");

  @Test
  void aCopyDoesNotSeeLaterChangesOfItsSource() {
    byte[] source = {1, 2, 3};
    Bytes copy = Bytes.copyOf(source);

    source[1] = 9;

    assertThat(copy.toArray()).containsExactly(1, 2, 3);
  }

  @Test
  void anArrayThatWasGivenOutIsACopy() {
    ABCDE.toArray()[0] = 'z';

    assertThat(ABCDE.toUtf8()).isEqualTo("abcde");
  }

  @Test
  void aBufferThatWasGivenOutRefusesWrites() {
    assertThatThrownBy(() -> ABCDE.asBuffer().put((byte) 1))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void aSliceOfASliceCountsFromItsOwnStart() {
    Bytes slice = ABCDE.slice(1, 4).slice(1, 3);

    assertThat(slice.toUtf8()).isEqualTo("cd");
    assertThat(slice.at(0)).isEqualTo((byte) 'c');
    assertThat(slice.asBuffer().get(1)).isEqualTo((byte) 'd');
  }

  @Test
  void aSliceEqualsTheSameContentElsewhere() {
    assertThat(ABCDE.slice(1, 3)).isEqualTo(Bytes.utf8("bc")).hasSameHashCodeAs(Bytes.utf8("bc"));
    assertThat(ABCDE.slice(1, 3)).isNotEqualTo(Bytes.utf8("bd")).isNotEqualTo(Bytes.utf8("bcd"));
  }

  @Test
  void positionsOutsideAreRefusedAlsoWithinTheSharedArray() {
    Bytes slice = ABCDE.slice(1, 3);

    assertThatThrownBy(() -> slice.at(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.slice(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void everyWayOutOfASliceGivesTheSliceOnly() throws IOException {
    Bytes slice = ABCDE.slice(1, 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    slice.writeTo(out);
    CRC32C ofSlice = new CRC32C();
    slice.addTo(ofSlice);
    CRC32C expected = new CRC32C();
    expected.update("bcd".getBytes(StandardCharsets.UTF_8));

    assertThat(out.toByteArray()).containsExactly('b', 'c', 'd');
    assertThat(ofSlice.getValue()).isEqualTo(expected.getValue());
  }

  @Test
  void emptyIsEmptyHoweverItIsMade() {
    assertThat(Bytes.copyOf(new byte[0])).isEqualTo(Bytes.empty());
    assertThat(Bytes.owning(new byte[0])).isEqualTo(Bytes.empty());
    assertThat(ABCDE.slice(2, 2)).isEqualTo(Bytes.empty());
    assertThat(Bytes.empty().isEmpty()).isTrue();
    assertThat(Bytes.empty().size()).isZero();
  }

  @Test
  void textComesBackAsItWent() {
    String text = "grüße \uD83D\uDE00 \u0000";

    assertThat(Bytes.utf8(text).toUtf8()).isEqualTo(text);
  }

  @Test
  void anUnpairedSurrogateIsRefused() {
    assertThatThrownBy(() -> Bytes.utf8("\uD83D"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("text: unpaired surrogate (expected: valid UTF-16)");
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    Bytes overlong = Bytes.copyOf(new byte[] {(byte) 0xC0, (byte) 0x80});

    assertThatThrownBy(overlong::toUtf8)
        .isInstanceOfSatisfying(
            MalformedDataException.class,
            e -> assertThat(e.reason()).isEqualTo(MalformedDataException.Reason.MALFORMED))
        .hasMessage("not UTF-8, in 2 bytes");
  }

  @Test
  void theTextFormShowsNoContent() {
    assertThat(Bytes.utf8("secret")).hasToString("6 bytes");
  }
}
