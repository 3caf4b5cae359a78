package dev.ashlar.messaging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.messaging.Guarantees.ExpiryClock;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Guarantees.Survival;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuaranteesTest {

  private final Guarantees guarantees =
      new Guarantees(
          Set.of(Promise.FIFO),
          Survival.PROCESS_LIFETIME,
          ExpiryClock.ELAPSED,
          Duration.ZERO,
          Duration.ofDays(14));

  @Test
  void anApplicationThatNeedsMoreThanIsPromisedFailsAtOnceAndReadsWhatIsMissing() {
    guarantees.require(Promise.FIFO);

    assertThatThrownBy(() -> guarantees.require(Promise.FIFO, Promise.DELAY, Promise.KEY_ORDER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("guarantees: without key-order, delay (expected: with)");
  }
}
