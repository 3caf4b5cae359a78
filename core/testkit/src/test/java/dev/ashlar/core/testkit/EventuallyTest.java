package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

  private static final Duration REAL = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(12);

  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void whatComesLaterIsWaitedFor() throws Exception {
    Eventually.holds("three looks", REAL, () -> looks.incrementAndGet() == 3);
    Eventually.passes(REAL, () -> assertThat(looks.incrementAndGet()).isEqualTo(6));

    assertThat(Eventually.value("a value", REAL, () -> Optional.of(looks.get()))).isEqualTo(6);
  }

  @Test
  void whatIsThereAlreadyNeedsNoTime() throws Exception {
    Eventually.holds("true", Duration.ZERO, () -> true);
    Eventually.passes(Duration.ZERO, () -> {});
  }

  @Test
  void whatNeverComesIsReportedByName() {
    assertThatThrownBy(() -> Eventually.holds("an answer", SHORT, () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessage("an answer: not within PT0.012S");
    assertThatThrownBy(
            () -> Eventually.passes(SHORT, () -> assertThat(looks.incrementAndGet()).isZero()))
        .isInstanceOf(AssertionError.class);
    assertThat(looks).hasValueGreaterThan(1);
  }

  @Test
  void aFailureThatIsNoAssertionComesOutAtOnce() {
    assertThatThrownBy(
            () ->
                Eventually.passes(
                    REAL,
                    () -> {
                      looks.incrementAndGet();
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(looks).hasValue(1);
  }
}
