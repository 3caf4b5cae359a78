package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final Codec<Bytes> codec = Codec.bytes();

  @Test
  void aRoundTripHoldsForEverySeed() throws Exception {
    // [doc:Seeds]
    Seeds.check(
        1000,
        (seed, random) -> {
          Bytes bytes = anyBytes(random);
          assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
        });
    // [/doc]
  }

  private static Bytes anyBytes(RandomGenerator random) {
    byte[] array = new byte[random.nextInt(100)];
    random.nextBytes(array);
    return Bytes.owning(array);
  }

  @Test
  void aDeadlineComesWhenTimeIsMoved() {
    // [doc:ManualTime]
    ManualTime time = ManualTime.create();
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
    time.advance(Duration.ofSeconds(2));
    assertThat(deadline.hasExpired()).isTrue();
    // [/doc]
  }
}
