package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MessageFormatTest {

  private static final String TEXTS = "aZ09-\u00e4\u07ff\u0800\u20ac\ufffd\ud83d\ude00";

  private static byte[] written(Message message, long stamp) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageFormat.write(message, stamp, out);
    assertThat(out.size()).isEqualTo(MessageFormat.sizeBytes(message));
    return out.toByteArray();
  }

  private static String text(RandomGenerator random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, most); i > 0; i--) {
      text.appendCodePoint(
          TEXTS.codePointAt(
              TEXTS.offsetByCodePoints(
                  0, random.nextInt(TEXTS.codePointCount(0, TEXTS.length())))));
    }
    return text.toString();
  }

  private static Message any(RandomGenerator random) {
    byte[] payload = new byte[random.nextInt(40)];
    random.nextBytes(payload);
    Headers headers = Headers.empty();
    for (int i = random.nextInt(3); i > 0; i--) {
      headers = headers.plus("name-" + i, text(random, 20));
    }
    return new Message(
        new MessageId("id-" + random.nextInt(1000)),
        random.nextBoolean() ? Optional.empty() : Optional.of(text(random, 60)),
        headers,
        Bytes.owning(payload),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(Duration.ofNanos(random.nextLong(1, 1L << 50))));
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Seeds.check(
        500,
        (seed, random) -> {
          Message message = any(random);
          long stamp = random.nextLong();
          byte[] bytes = written(message, stamp);
          int before = random.nextInt(5);
          byte[] within = new byte[before + bytes.length + 3];
          System.arraycopy(bytes, 0, within, before, bytes.length);
          assertThat(MessageFormat.read(within, before, bytes.length))
              .isEqualTo(new MessageFormat.Stamped(message, stamp));
        });
  }

  /** A flipped bit gives another message or a typed refusal, and every cut a refusal. */
  @Test
  void flippedAndTruncatedBytesAreReadOrRefusedAndNothingElse() throws Exception {
    Seeds.check(
        30,
        (seed, random) -> {
          byte[] bytes = written(any(random), random.nextLong());
          for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] changed = bytes.clone();
            changed[bit >> 3] ^= (byte) (1 << (bit & 7));
            attempt(changed);
          }
          for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThat(
                    catchThrowableOfType(
                        MalformedDataException.class, () -> MessageFormat.read(bytes, 0, cut)))
                .as("cut at %d", cut)
                .isNotNull();
          }
        });
  }

  private static void attempt(byte[] changed) throws IOException {
    try {
      MessageFormat.Stamped read = MessageFormat.read(changed, 0, changed.length);
      assertThat(written(read.message(), read.stamp())).isEqualTo(changed);
    } catch (MalformedDataException expected) {
      assertThat(expected.reason()).isNotEqualTo(Reason.CHECKSUM);
    }
  }

  @Test
  void bytesBehindTheEndAreRefused() throws Exception {
    byte[] bytes = written(Message.of(new MessageId("a"), Bytes.utf8("x")), 1);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThat(
            catchThrowableOfType(
                    MalformedDataException.class,
                    () -> MessageFormat.read(longer, 0, longer.length))
                .reason())
        .isEqualTo(Reason.TRAILING_DATA);
  }

  @Test
  void hostileSizesAreRefusedBeforeAnythingIsAllocated() throws Exception {
    byte[] bytes = written(Message.of(new MessageId("a"), Bytes.utf8("x")), 1);
    for (int size : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      for (int i = 0; i < 4; i++) {
        bytes[13 + i] = (byte) (size >>> (24 - 8 * i));
      }
      assertThat(
              catchThrowableOfType(
                      MalformedDataException.class,
                      () -> MessageFormat.read(bytes, 0, bytes.length))
                  .reason())
          .isEqualTo(Reason.TRUNCATED);
    }
  }

  /** Version 1, to the byte: whoever changes it needs another version, and goes on reading this. */
  @Test
  void versionOneIsTheseBytes() throws Exception {
    Message message =
        new Message(
            new MessageId("id-1"),
            Optional.of("k\u00e4"),
            Headers.of("Name", "v\u20ac"),
            Bytes.owning(new byte[] {(byte) 0xca, (byte) 0xfe}),
            Optional.of(Duration.ofSeconds(1)));
    String golden =
        "01030401"
            + "00000000499602d2"
            + "000000003b9aca00"
            + "69642d31"
            + "0003"
            + "6bc3a4"
            + "04"
            + "4e616d65"
            + "0004"
            + "76e282ac"
            + "00000002"
            + "cafe";
    assertThat(HexFormat.of().formatHex(written(message, 1_234_567_890))).isEqualTo(golden);
    byte[] bytes = HexFormat.of().parseHex(golden);
    assertThat(MessageFormat.read(bytes, 0, bytes.length))
        .isEqualTo(new MessageFormat.Stamped(message, 1_234_567_890));
  }

  @Test
  void aLaterVersionIsRefusedByName() throws Exception {
    byte[] bytes = written(Message.of(new MessageId("a"), Bytes.empty()), 1);
    bytes[0] = 2;
    assertThat(
            catchThrowableOfType(
                MalformedDataException.class, () -> MessageFormat.read(bytes, 0, bytes.length)))
        .hasMessageContaining("version 2 (expected: 1 to 1)");
  }
}
