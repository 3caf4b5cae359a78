package dev.ashlar.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void aLongCauseIsCutAndNotRefused() {
    String cause = "x".repeat(Outcome.TEXT_MAX + 1);

    assertThat(new Outcome.Retry(Duration.ZERO, cause).cause()).hasSize(Outcome.TEXT_MAX);
    assertThat(new Outcome.DeadLetter(cause).reason()).hasSize(Outcome.TEXT_MAX);
  }

  @Test
  void aNegativeDelayIsRefusedWithItsBound() {
    assertThatThrownBy(() -> new Outcome.Retry(Duration.ofSeconds(-1), "down"))
        .hasMessage("delay: PT-1S (expected: 0 to PT8760H)");
  }

  @Test
  void howItEndedIsSaidInAWordThatHoldsNoData() {
    BackendException cause =
        new BackendException("away", Effect.UNKNOWN, new Advice.Transient(), null);

    assertThat(Outcome.done().failure()).isEmpty();
    assertThat(new Outcome.Retry(Duration.ZERO, "of 17").failure()).contains("retry");
    assertThat(new Outcome.DeadLetter("of 17").failure()).contains("dead-letter");
    assertThat(new SendResult.Accepted().failure()).isEmpty();
    assertThat(new SendResult.Refused(new Advice.Transient(), "17").failure()).contains("refused");
    assertThat(new SendResult.Unknown(cause).failure()).contains("unknown");
  }

  @Test
  void aRefusalThrownIsCertainlyWithoutEffectAndAnUnknownResultIsNot() {
    BackendException lost =
        new BackendException("send", Effect.UNKNOWN, new Advice.Transient(), null);

    new SendResult.Accepted().orThrow();
    assertThatThrownBy(() -> new SendResult.Refused(new Advice.Permanent(), "too big").orThrow())
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.effect()).isEqualTo(Effect.NONE));
    assertThatThrownBy(() -> new SendResult.Unknown(lost).orThrow()).isSameAs(lost);
  }
}
