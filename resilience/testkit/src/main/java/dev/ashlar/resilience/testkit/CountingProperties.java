package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.RefusedHereException;
import dev.ashlar.resilience.breaker.BreakerPolicy;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pipeline's breaker counts. Here it opens at the first failure that it counts. */
abstract class CountingProperties extends ContextProperties {

  private static final Duration OPEN = Duration.ofSeconds(10);

  private static PipelinePolicy touchy() {
    return generous()
        .withRetry(RetryPolicy.none())
        .withBreaker(
            BreakerPolicy.standard()
                .withFailures(Duration.ofSeconds(20), 1, 1)
                .withOpenTime(OPEN, 0)
                .withProbes(1, MINUTE));
  }

  @Test
  @Proves("CALL-26")
  void whatWasRefusedHereFurtherInIsNotCounted() throws Exception {
    TestedPipeline outer = open(touchy());
    TestedPipeline inner = open(touchy());
    run(inner, context(), new Script(unknown()));

    for (int i = 0; i < 3; i++) {
      Outcome<String> refused =
          run(outer, context(), attempt -> run(inner, attempt, new Script()).orThrow());
      assertThat(((Outcome.Failed<String>) refused).failure())
          .isInstanceOf(RefusedHereException.class);
    }

    assertStillAsking(outer);
  }

  @Test
  @Proves("CALL-26")
  void whatWasCalledOffOrExpiredOrIsAMistakeIsNotCounted() throws Exception {
    TestedPipeline pipeline = open(touchy());
    Thread caller = Thread.currentThread();
    time.after(SECOND, caller::interrupt);

    assertThatThrownBy(() -> run(pipeline, context(), attempt -> hang()))
        .isInstanceOf(InterruptedException.class);
    run(pipeline, context(Duration.ZERO), new Script());
    run(pipeline, context(SECOND), attempt -> hang());
    assertThatThrownBy(() -> run(pipeline, context(), attempt -> mistake()))
        .isInstanceOf(IllegalStateException.class);

    assertStillAsking(pipeline);
  }

  private static String mistake() {
    throw new IllegalStateException("on purpose");
  }

  @Test
  @Proves("CALL-26")
  void anOverloadedBackendAndACallersMistakeAreNoFailuresOfTheBackend() throws Exception {
    TestedPipeline pipeline = open(touchy());
    for (BackendException failure : List.of(overloaded(SECOND), permanent())) {
      run(pipeline, context(), new Script(failure));
    }

    assertStillAsking(pipeline);
  }

  @Test
  @Proves("CALL-26")
  void whatTheBreakerItselfRefusesDoesNotKeepItOpen() throws Exception {
    TestedPipeline pipeline = open(touchy());
    run(pipeline, context(), new Script(unknown()));
    Script refused = new Script();
    for (int i = 0; i < 9; i++) {
      time.pass(SECOND);
      run(pipeline, context(), refused);
    }
    assertThat(refused.attempts()).isZero();

    time.pass(SECOND);

    assertStillAsking(pipeline);
  }

  @Test
  @Proves("CALL-10")
  void anErrorHoldsNoPermit() throws Exception {
    TestedPipeline pipeline = open(touchy());
    run(pipeline, context(), new Script(unknown()));
    time.pass(OPEN);
    Call<String> failing =
        attempt -> {
          throw new LinkageError("on purpose");
        };

    // The only probe ends in an error; if it kept its permit, nobody would be asked any more.
    assertThatThrownBy(() -> run(pipeline, context(), failing)).isInstanceOf(LinkageError.class);

    assertStillAsking(pipeline);
  }

  private void assertStillAsking(TestedPipeline pipeline) throws InterruptedException {
    Script next = new Script();
    run(pipeline, context(), next);
    assertThat(next.attempts()).as("the breaker lets the next one through").isEqualTo(1);
  }
}
