package dev.ashlar.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.resilience.retry.Backoff;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The wrong and the right form of each rule, run. */
class RulesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TimeSource time = TimeSource.system();
  private final ManualTime still = ManualTime.create();
  private int stockAsked;
  private int charges;

  private String stock(String product, CallContext attempt) {
    stockAsked++;
    throw new BackendException(
        product + ": down, " + attempt.client(), Effect.NONE, new Advice.Transient(), null);
  }

  /** The bank charges, and its answer is lost. */
  private String charge(String order, CallContext attempt) {
    charges++;
    throw new BackendException(
        order + ": no answer, " + attempt.client(), Effect.UNKNOWN, new Advice.Transient(), null);
  }

  private static PipelinePolicy policy(String name) {
    Backoff brief = new Backoff(Duration.ofNanos(1), Duration.ofNanos(1));
    return PipelinePolicy.of(name, Duration.ofSeconds(2), SECOND)
        .withRetry(RetryPolicy.standard().withBackoff(brief))
        .withoutBreaker();
  }

  private Pipeline pipeline(PipelinePolicy policy) {
    return Pipeline.of(policy, time, new SplittableRandom(1), Observer.none());
  }

  private CallContext context(TimeSource clock) {
    return CallContext.root(IdSource.system(), Deadline.after(SECOND, clock), "shop");
  }

  private static BackendException failure(RunnableCall call) {
    return (BackendException) catchThrowable(call::run);
  }

  private interface RunnableCall {
    void run() throws Exception;
  }

  @Test
  void r1TheInnerLayerIsToldOfTheOuterOnesRetries() {
    Pipeline orders = pipeline(policy("orders"));
    Pipeline stock = pipeline(policy("stock"));
    CallContext context = context(time);

    failure(
        () -> {
          // [readme:r1-wrong]
          orders.call(context, attempt -> stock.call(context, inner -> stock("p-17", inner)));
          // [/readme]
        });
    assertThat(stockAsked).isEqualTo(9);

    stockAsked = 0;
    failure(
        () -> {
          // [readme:r1-right]
          orders.call(context, attempt -> stock.call(attempt, inner -> stock("p-17", inner)));
          // [/readme]
        });
    assertThat(stockAsked).isEqualTo(3);
  }

  // [readme:r2-wrong]
  private String loop(CallContext context) {
    for (int attempt = 1; ; attempt++) {
      try {
        return stock("p-17", context);
      } catch (BackendException e) {
        if (attempt == 3) {
          throw e;
        }
      }
    }
  }

  // [/readme]

  @Test
  void r2RetriesAreBoundedByAllCallsTogether() {
    CallContext context = context(time);
    for (int i = 0; i < 1000; i++) {
      failure(() -> loop(context));
    }
    assertThat(stockAsked).isEqualTo(3000);

    stockAsked = 0;
    BudgetPolicy budget = BudgetPolicy.standard().withFloorPerSecond(0);
    // [readme:r2-right]
    Pipeline stock =
        Pipeline.of(
            policy("stock").withBudget(budget), time, new SplittableRandom(1), Observer.none());
    // [/readme]
    for (int i = 0; i < 1000; i++) {
      failure(() -> stock.call(context(time), attempt -> stock("p-17", attempt)));
    }
    assertThat(stockAsked).isEqualTo(1100);
  }

  @Test
  void r3WhatMayHaveBeenDoneIsNotDoneAgain() {
    CallContext context = context(time);
    failure(
        () -> {
          // [readme:r3-wrong]
          Pipeline bank = pipeline(policy("bank").withIdempotent());
          bank.call(context, attempt -> charge("order-17", attempt));
          // [/readme]
        });
    assertThat(charges).isEqualTo(3);

    charges = 0;
    BackendException failure =
        failure(
            () -> {
              // [readme:r3-right]
              Pipeline bank = pipeline(policy("bank"));
              bank.call(context, attempt -> charge("order-17", attempt));
              // [/readme]
            });
    assertThat(charges).isEqualTo(1);
    assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
  }

  @Test
  void r4EachLayerHasWhatIsLeftOfTheWhole() throws Exception {
    CallContext context = context(still);
    still.advance(Duration.ofMillis(900));

    // [readme:r4-wrong]
    Deadline wrong = Deadline.after(Duration.ofSeconds(1), still);
    // [/readme]
    // [readme:r4-right]
    CallContext right = context.child(Duration.ofSeconds(1));
    // [/readme]

    assertThat(wrong.remaining()).isEqualTo(SECOND);
    assertThat(right.deadline().remaining()).isEqualTo(Duration.ofMillis(100));
    assertThatThrownBy(() -> PipelinePolicy.of("stock", Duration.ZERO, SECOND))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
