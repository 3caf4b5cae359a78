package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.sourcing.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Events as bytes. */
class StoreFormatTest {

  private static final Instant MOMENT = Instant.parse("2031-05-06T07:08:09.123456789Z");

  private final Event event =
      new Event(
          new MessageId("event-1"),
          "placed",
          Headers.of("Who", "zw\u00f6lf").plus("Who", ""),
          Bytes.utf8("42"));

  private final StoreNode node =
      new StoreNode(
          1_000_000,
          77,
          "order-7",
          StoreKey.of("order-7"),
          StoreKey.of("event-1"),
          new StorePath(new byte[] {57, 63}, new long[] {3, 999_999}),
          new StorePath(new byte[] {0, 2, 127}, new long[] {0, 500_000, 999_998}),
          new StoreNode.Root(
              true, 1_234_567, new StorePath(new byte[] {1, 9}, new long[] {999_999, 17})));

  private static byte[] bytes(StoreNode node, Event event) throws IOException {
    Payload payload = StoreFormat.payload(node, event, MOMENT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    payload.writeTo(out);
    assertThat(out.size()).isEqualTo(payload.size());
    return out.toByteArray();
  }

  private static StoreFormat.Stored read(byte[] bytes) {
    return StoreFormat.stored(bytes, 0, bytes.length, StoreKey::of);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    byte[] bytes = bytes(node, event);
    byte[] shifted = new byte[bytes.length + 7];
    System.arraycopy(bytes, 0, shifted, 5, bytes.length);

    StoreFormat.Stored stored = StoreFormat.stored(shifted, 5, bytes.length, StoreKey::of);

    assertThat(stored.recorded().event()).isEqualTo(event);
    assertThat(stored.recorded().position()).isEqualTo(77);
    assertThat(stored.recorded().recordedAt()).isEqualTo(MOMENT);
    assertThat(stored.node()).usingRecursiveComparison().isEqualTo(node);
    assertThat(bytes(stored.node(), stored.recorded().event())).isEqualTo(bytes);
  }

  @Test
  void anEventInsideAnAppendHasNoRootPart() throws IOException {
    StoreNode inside = node.withRoot(StoreNode.Root.NOT);

    StoreNode read = read(bytes(inside, event)).node();

    assertThat(read).usingRecursiveComparison().isEqualTo(inside);
  }

  @Test
  void aRecordUnderAnotherNumberIsVoid() throws IOException {
    byte[] bytes = bytes(node, event);

    assertThat(StoreFormat.isVoid(1_000_000, bytes, 0, bytes.length)).isFalse();
    assertThat(StoreFormat.isVoid(999_999, bytes, 0, bytes.length)).isTrue();
  }

  @Test
  void aRecordIsOfItsStreamAndOfNoOther() throws IOException {
    byte[] bytes = bytes(node, event);

    assertThat(StoreFormat.isOf("order-7", bytes, 0, bytes.length)).isTrue();
    for (String other : new String[] {"order-8", "order-", "order-77", "Order-7"}) {
      assertThat(StoreFormat.isOf(other, bytes, 0, bytes.length)).as(other).isFalse();
    }
    assertThat(StoreFormat.isOf("order-7", bytes, 0, 12)).isFalse();
  }

  @Test
  void whatIsCutShortIsMalformed() throws IOException {
    byte[] bytes = bytes(node, event);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(MalformedDataException.class)
          .as("%d bytes", length)
          .isThrownBy(() -> read(cut));
    }
  }

  @Test
  void whatIsChangedIsReadAsSomethingElseOrMalformed() throws IOException {
    byte[] bytes = bytes(node, event);
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[i] ^= (byte) (1 << bit);
        try {
          read(changed);
        } catch (MalformedDataException expected) {
          assertThat(expected.getMessage()).doesNotContain("zw\u00f6lf");
        }
      }
    }
  }

  @Test
  void anotherKindAndALaterVersionSaySo() throws IOException {
    byte[] bytes = bytes(node, event);
    byte[] other = bytes.clone();
    other[0] = 'Q';
    byte[] later = bytes.clone();
    later[1] = 2;

    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(other))
        .withMessageContaining("another kind");
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(later))
        .withMessageContaining("version 2 (expected: 1 to 1)");
  }
}
