package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObserversTest {

  private static final Duration REAL = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(5);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void eventsAddUpAndStepsKeepTheirOrder() {
    CountingObserver observer = new CountingObserver();

    observer.count("a", 1);
    observer.count("a", 2);
    observer.count("b", 1);
    observer.step("x");
    observer.step("y");

    assertThat(observer.count("a")).isEqualTo(3);
    assertThat(observer.count("never")).isZero();
    assertThat(observer.counts()).isEqualTo(Map.of("a", 3L, "b", 1L));
    assertThat(observer.steps()).containsExactly("x", "y");
    assertThatThrownBy(() -> observer.count("a", 0)).hasMessage("a: 0 (expected: >= 1)");
  }

  @Test
  void aCountFromAnotherThreadIsAwaited() throws Exception {
    CountingObserver observer = new CountingObserver();
    Future<?> counted =
        threads.submit(
            () -> {
              for (int i = 0; i < 1000; i++) {
                observer.count("a", 1);
                observer.step("x");
              }
            });

    observer.awaitCount("a", 1000, REAL);
    observer.awaitStep("x", 1000, REAL);

    assertThat(observer.count("a")).isEqualTo(1000);
    counted.get(REAL.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aCountThatDoesNotComeIsReported() {
    CountingObserver observer = new CountingObserver();
    observer.count("a", 1);

    assertThatThrownBy(() -> observer.awaitCount("a", 2, SHORT))
        .isInstanceOf(AssertionError.class)
        .hasMessage("a: 1 times after PT0.005S, expected: 2");
    assertThatThrownBy(() -> observer.awaitStep("x", 1, SHORT)).hasMessageStartingWith("x: 0");
  }

  @Test
  void theFirstThreadAtTheStepIsHeldAndOnlyThat() throws Exception {
    try (PauseAt pause = PauseAt.named("x")) {
      pause.step("y");
      Future<?> held = threads.submit(() -> pause.step("x"));
      pause.awaitArrival(REAL);

      pause.step("x");
      assertThat(held).isNotDone();
      pause.release();

      assertThat(held.get(REAL.toSeconds(), TimeUnit.SECONDS)).isNull();
    }
  }

  @Test
  void aHeldThreadKeepsAnInterruptForLater() throws Exception {
    try (PauseAt pause = PauseAt.named("x")) {
      Future<Boolean> held =
          threads.submit(
              () -> {
                Thread.currentThread().interrupt();
                pause.step("x");
                return Thread.interrupted();
              });
      pause.awaitArrival(REAL);
      assertThat(held).isNotDone();

      pause.release();

      assertThat(held.get(REAL.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anArrivalThatDoesNotComeIsReported() {
    assertThatThrownBy(() -> PauseAt.named("x").awaitArrival(SHORT))
        .isInstanceOf(AssertionError.class)
        .hasMessage("x: nobody came within PT0.005S");
  }

  @Test
  void nobodyIsHeldAfterARelease() {
    PauseAt pause = PauseAt.named("x");
    pause.release();

    pause.step("x");
  }
}
