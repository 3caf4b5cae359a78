package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.retry.BudgetPolicy;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What ends a call: its deadline, an interrupt, an error. */
abstract class DeadlineProperties extends OwnershipProperties {

  private static final Duration RETRY_BASE = Duration.ofSeconds(2);

  @Test
  @Proves("CALL-5")
  void noAttemptStartsAtOrAfterTheDeadlineAndNoWaitIsInVain() throws Exception {
    Seeds.check(
        500,
        (seed, random) -> {
          BackendException[] failures = new BackendException[9];
          Arrays.setAll(failures, i -> certain());
          Script script = new Script(failures);
          script.takes = Duration.ofMillis(random.nextInt(900));
          Duration left = Duration.ofMillis(1 + random.nextInt(10_000));
          long deadline = time.nanos() + left.toNanos();

          Outcome<String> outcome = run(open(deadlinePolicy(), random), context(left), script);

          assertThat(script.startedNanos)
              .allSatisfy(start -> assertThat(start - deadline).isNegative());
          assertLastRealFailure(outcome, script, deadline);
        });
  }

  private static PipelinePolicy deadlinePolicy() {
    return generous().withRetry(retry(9, RETRY_BASE));
  }

  private void assertLastRealFailure(Outcome<String> outcome, Script script, long deadline) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    BackendException failure = ((Outcome.Failed<String>) outcome).failure();
    long lastStart = script.startedNanos.get(script.attempts() - 1);
    if (lastStart + script.takes.toNanos() - deadline < 0) {
      assertThat(failure).isSameAs(script.failures.get(script.attempts() - 1));
    } else {
      assertThat(failure).as("cut short").hasCauseInstanceOf(InterruptedException.class);
    }
    // Whoever gives up does so at once: nothing is slept through after the last attempt's end.
    assertThat(time.nanos() - lastStart).isLessThanOrEqualTo(script.takes.toNanos());
  }

  @Test
  @Proves("CALL-5")
  void whatHangsIsEndedAtItsTimeAndIsUnknown() throws Exception {
    PipelinePolicy policy = generous().withRetry(retry(1, SECOND));
    long start = time.nanos();

    Outcome<String> outcome = run(open(policy), context(), attempt -> hang());

    assertThat(Duration.ofNanos(time.nanos() - start)).isEqualTo(policy.attemptMax());
    BackendException failure = ((Outcome.Failed<String>) outcome).failure();
    assertThat(failure.effect()).isEqualTo(unknown().effect());
    assertThat(failure.advice()).isEqualTo(unknown().advice());
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(time.timers()).isZero();
  }

  final String hang() throws InterruptedException {
    time.sleep(Duration.ofHours(6));
    return "far too late";
  }

  @Test
  @Proves("CALL-5")
  void whoseTimeIsOverIsNotTriedAtAll() throws Exception {
    Script script = new Script();

    Outcome<String> outcome = run(open(generous()), context(Duration.ZERO), script);

    assertThat(script.attempts()).isZero();
    assertThat(((Outcome.Failed<String>) outcome).attempts()).isZero();
  }

  @Test
  @Proves("CALL-8")
  void anInterruptEndsTheWaitAndGivesTheTokenBack() throws Exception {
    PipelinePolicy oneRetry =
        generous()
            .withRetry(retry(2, Duration.ofSeconds(20)))
            .withBudget(new BudgetPolicy(0, 0, 1));
    TestedPipeline pipeline = open(oneRetry);
    Script interrupted = new Script(certain());
    Thread caller = Thread.currentThread();
    time.after(Duration.ofNanos(1), caller::interrupt);

    assertThatThrownBy(() -> run(pipeline, context(), interrupted))
        .isInstanceOf(InterruptedException.class);

    assertThat(interrupted.attempts()).isEqualTo(1);
    Script next = new Script(certain());
    run(pipeline, context(), next);
    assertThat(next.attempts()).as("the token is there for the next call").isEqualTo(2);
  }

  @Test
  @Proves("CALL-16")
  void whatOneCallSpendsTheNextLacks() throws Exception {
    TestedPipeline pipeline = open(generous().withBudget(new BudgetPolicy(0, 0, 1)));
    Script first = new Script(certain());
    Script second = new Script(certain());

    run(pipeline, context(), first);
    run(pipeline, context(), second);

    assertThat(first.attempts()).isEqualTo(2);
    assertThat(second.attempts()).isEqualTo(1);
  }

  @Test
  @Proves("CALL-10")
  void anErrorIsNotRetried() {
    int[] attempts = new int[1];
    TestedPipeline pipeline = open(generous().withIdempotent());
    CallContext context = context();

    assertThatThrownBy(
            () ->
                run(
                    pipeline,
                    context,
                    attempt -> {
                      attempts[0]++;
                      throw new LinkageError("on purpose");
                    }))
        .isInstanceOf(LinkageError.class);

    assertThat(attempts[0]).isEqualTo(1);
    assertThat(time.timers()).isZero();
  }
}
