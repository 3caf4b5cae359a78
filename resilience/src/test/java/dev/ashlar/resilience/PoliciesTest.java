package dev.ashlar.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.resilience.breaker.BreakerPolicy;
import dev.ashlar.resilience.retry.Backoff;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryPolicy;
import dev.ashlar.resilience.retry.StopReason;
import java.time.Duration;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What policies refuse, print and share. */
class PoliciesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final PipelinePolicy POLICY =
      PipelinePolicy.of("stock", Duration.ofSeconds(3), SECOND);

  @Test
  void aPipelineHasBoundsOnBothItsTimes() {
    refused("total: PT0S", () -> PipelinePolicy.of("stock", Duration.ZERO, SECOND));
    refused("total: PT2H", () -> PipelinePolicy.of("stock", Duration.ofHours(2), SECOND));
    refused(
        "attemptMax: PT2S (expected: above 0, to PT1S)",
        () -> PipelinePolicy.of("stock", SECOND, Duration.ofSeconds(2)));
    refused("name: 0 characters", () -> PipelinePolicy.of("", SECOND, SECOND));
    refused("fallbackMax: PT1M", () -> POLICY.withFallbackMax(Duration.ofMinutes(1)));
  }

  @Test
  void retriesAndTheirBudgetAreBounded() {
    refused("attemptsMax: 0", () -> RetryPolicy.standard().withAttemptsMax(0));
    refused("attemptsMax: 101", () -> RetryPolicy.standard().withAttemptsMax(101));
    refused(
        "retryAfterSlack: PT2H",
        () -> RetryPolicy.standard().withRetryAfterSlack(Duration.ofHours(2)));
    refused("base: PT-1S", () -> new Backoff(Duration.ofSeconds(-1), SECOND));
    refused(
        "cap: PT0.5S (expected: PT1S to PT24H)", () -> new Backoff(SECOND, SECOND.dividedBy(2)));
    refused("ratio: NaN", () -> BudgetPolicy.standard().withRatio(Double.NaN));
    refused("floorPerSecond: -1.0", () -> BudgetPolicy.standard().withFloorPerSecond(-1));
    refused("capacity: 0", () -> BudgetPolicy.standard().withCapacity(0));
  }

  @Test
  void aBreakerIsBounded() {
    BreakerPolicy standard = BreakerPolicy.standard();
    refused("window: PT0.5S", () -> standard.withFailures(Duration.ofMillis(500), 20, 50));
    refused("window: PT1.5S", () -> standard.withFailures(Duration.ofMillis(1500), 20, 50));
    refused("callsMin: 0", () -> standard.withFailures(SECOND, 0, 50));
    refused("failurePercent: 101", () -> standard.withFailures(SECOND, 1, 101));
    refused("openJitterPercent: 51", () -> standard.withOpenTime(SECOND, 51));
    refused("probes: 0", () -> standard.withProbes(0, SECOND));
    refused("probeMax: PT0S", () -> standard.withProbes(1, Duration.ZERO));
  }

  private static void refused(String message, ThrowingCallable making) {
    assertThatIllegalArgumentException().isThrownBy(making).withMessageContaining(message);
  }

  @Test
  void theBoundOfAWaitDoublesUpToItsCapAndNeverOverflows() {
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(20));

    assertThat(backoff.bound(1)).isEqualTo(Duration.ofMillis(50));
    assertThat(backoff.bound(2)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.bound(9)).isEqualTo(Duration.ofMillis(12_800));
    assertThat(backoff.bound(10)).isEqualTo(Duration.ofSeconds(20));
    assertThat(backoff.bound(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(20));
    assertThat(new Backoff(Duration.ZERO, SECOND).bound(70)).isEqualTo(Duration.ZERO);
  }

  @Test
  void aPolicyPrintsAllThatItDecidesBy() {
    assertThat(POLICY.withRetry(RetryPolicy.none()).toString())
        .contains("name=stock", "total=PT3S", "attemptMax=PT1S", "idempotent=false")
        .contains("attemptsMax=1", "ratio=0.1", "failurePercent=50", "fallbackMax=PT0.05S");
  }

  @Test
  void theIdempotentViewSharesBudgetAndBreaker() {
    Pipeline writes =
        Pipeline.of(POLICY, ManualTime.create(), new SplittableRandom(1), Observer.none());
    Pipeline reads = writes.forIdempotent();

    assertThat(reads.policy().idempotent()).isTrue();
    assertThat(writes.policy().idempotent()).isFalse();
    assertThat(reads.budget()).isSameAs(writes.budget());
    assertThat(reads.breaker()).isEqualTo(writes.breaker());
  }

  @Test
  void anOutcomeGivesItsValueOrItsFailure() {
    BackendException failure =
        new BackendException("stock: away", Effect.NONE, new Advice.Transient(), null);
    Outcome.Failed<String> failed = new Outcome.Failed<>(failure, 2, StopReason.BUDGET_SPENT);

    assertThat(new Outcome.Ok<>("full", 1).orThrow()).isEqualTo("full");
    assertThat(new Outcome.Degraded<>("old", failed).orThrow()).isEqualTo("old");
    assertThatThrownBy(failed::orThrow).isSameAs(failure);
  }
}
