package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Fallback;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What comes instead of an answer. */
abstract class FallbackProperties extends CountingProperties {

  private static final Duration ALLOWANCE = Duration.ofMillis(80);

  private int fallbacks;
  private Duration left = Duration.ZERO;

  private Outcome<String> call(CallContext context, Call<String> call, Fallback<String> fallback)
      throws InterruptedException {
    return open(generous().withFallbackMax(ALLOWANCE))
        .tryCall(context, call, Optional.of(counted(fallback)));
  }

  private Fallback<String> counted(Fallback<String> fallback) {
    return (context, failure) -> {
      fallbacks++;
      left = context.deadline().remaining();
      return fallback.instead(context, failure);
    };
  }

  @Test
  @Proves("CALL-46")
  void aFallbackRunsOnceAndMarksWhatItGives() throws Exception {
    Script script = new Script(certain(), certain(), certain());

    Outcome<String> outcome = call(context(), script, (context, failure) -> "old");

    assertThat(fallbacks).isEqualTo(1);
    assertThat(outcome).isInstanceOf(Outcome.Degraded.class);
    Outcome.Degraded<String> degraded = (Outcome.Degraded<String>) outcome;
    assertThat(degraded.value()).isEqualTo("old");
    assertThat(degraded.failed().failure()).isSameAs(script.failures.get(2));
  }

  @Test
  @Proves("CALL-46")
  void whatSucceedsOrIsTheCallersOwnFaultHasNone() throws Exception {
    Outcome<String> ok = call(context(), new Script(certain()), (context, failure) -> "old");
    Outcome<String> fault = call(context(), new Script(permanent()), (context, failure) -> "old");
    assertThatThrownBy(
            () ->
                call(
                    context(),
                    attempt -> {
                      throw new IllegalArgumentException("on purpose");
                    },
                    (context, failure) -> "old"))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(fallbacks).isZero();
    assertThat(ok).isEqualTo(new Outcome.Ok<>("answer", 2));
    assertThat(fault).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  @Proves("CALL-46")
  void aFallbackThatFailsLeavesTheCallsOwnFailure() throws Exception {
    Script script = new Script(certain(), certain(), certain());

    Outcome<String> outcome =
        call(
            context(),
            script,
            (context, failure) -> {
              throw unknown();
            });

    assertThat(fallbacks).isEqualTo(1);
    BackendException failure = ((Outcome.Failed<String>) outcome).failure();
    assertThat(failure).isSameAs(script.failures.get(2));
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  @Test
  @Proves("CALL-46")
  void aFallbackHasTheTimeThatIsLeftAndAtLeastItsAllowance() throws Exception {
    Duration whole = Duration.ofSeconds(10);
    Script script = new Script(overloaded(whole), overloaded(whole));
    call(context(whole), script, (context, failure) -> "old");
    assertThat(left).isBetween(ALLOWANCE, whole);

    call(context(SECOND), attempt -> hang(), (context, failure) -> "old");
    assertThat(left).isEqualTo(ALLOWANCE);
  }

  @Test
  @Proves("CALL-46")
  void aFallbackThatHangsIsEndedAtItsAllowance() throws Exception {
    CallContext context = context(SECOND);
    long start = time.nanos();

    Outcome<String> outcome =
        open(generous().withRetry(RetryPolicy.none()).withFallbackMax(ALLOWANCE))
            .tryCall(context, attempt -> hang(), Optional.of(counted((unused, failure) -> hang())));

    assertThat(Duration.ofNanos(time.nanos() - start)).isEqualTo(SECOND.plus(ALLOWANCE));
    assertThat(fallbacks).isEqualTo(1);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
