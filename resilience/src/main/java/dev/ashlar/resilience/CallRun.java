package dev.ashlar.resilience;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.breaker.Admission;
import dev.ashlar.resilience.breaker.Breaker;
import dev.ashlar.resilience.retry.FailedAttempt;
import dev.ashlar.resilience.retry.RetryBudget;
import dev.ashlar.resilience.retry.RetryDecision;
import dev.ashlar.resilience.retry.StopReason;
import java.util.Optional;
import java.util.random.RandomGenerator;

/*
 * One call:
 *
 *   deadline over?  ── yes ──▶ refused here
 *        │ no
 *   breaker asked   ── no ───▶ refused here, or the last real failure
 *        │ admitted
 *   attempt, watched ─ ok ───▶ budget fed, done
 *        │ failed
 *   decision        ── stop ─▶ the last real failure, and why
 *        │ again
 *   budget asked    ── no ───▶ the last real failure
 *        │ yes
 *   wait ────────────────────▶ from the top
 *
 * What an attempt's end says about the backend, for the breaker:
 *
 *   a value, or a permanent failure     it answers
 *   transient                           it failed
 *   overloaded                          nothing: it chose whom to refuse, and opening would refuse all
 *   refused further in, called off,     nothing
 *   another exception, an error
 *   failed after the caller's deadline  nothing, if that left the attempt less than its own time: a
 *                                       caller in a hurry says nothing about the backend
 */

/** One call through a pipeline, in its caller's thread. */
final class CallRun {

  private static final Admission UNWATCHED = new Admission.Admitted(NoPermit.INSTANCE);

  private final PipelinePolicy policy;
  private final CallContext whole;
  private final RetryBudget budget;
  private final Optional<Breaker> breaker;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Observer observer;

  CallRun(
      PipelinePolicy policy,
      CallContext whole,
      RetryBudget budget,
      Optional<Breaker> breaker,
      Outside outside) {
    this.policy = policy;
    this.whole = whole;
    this.budget = budget;
    this.breaker = breaker;
    this.time = outside.time();
    this.random = outside.random();
    this.observer = outside.observer();
  }

  /** Time, chance and whoever listens. */
  record Outside(TimeSource time, RandomGenerator random, Observer observer) {}

  <T> Outcome<T> of(Call<T> call) throws InterruptedException {
    if (whole.deadline().hasExpired()) {
      return refusedAtOnce(refusal(RefusedHereException.By.DEADLINE, new Advice.Permanent()));
    }
    Optional<BackendException> last = Optional.empty();
    for (int number = 1; ; number++) {
      Admission admission = ask();
      if (admission instanceof Admission.Refused refused) {
        BackendException refusal =
            refusal(RefusedHereException.By.BREAKER, new Advice.Overloaded(refused.retryAfter()));
        if (last.isEmpty()) {
          return refusedAtOnce(refusal);
        }
        budget.giveBack();
        return new Outcome.Failed<>(last.get(), number - 1, StopReason.REFUSED_HERE);
      }
      try {
        T value = attempt(call, context(number), ((Admission.Admitted) admission).permit());
        budget.succeeded(time.nanos());
        return new Outcome.Ok<>(value, number);
      } catch (BackendException failure) {
        Optional<StopReason> stop = waitForNext(number, failure);
        if (stop.isPresent()) {
          return new Outcome.Failed<>(failure, number, stop.get());
        }
        last = Optional.of(failure);
      }
    }
  }

  private Admission ask() {
    return breaker.map(each -> each.ask(time.nanos())).orElse(UNWATCHED);
  }

  private RefusedHereException refusal(RefusedHereException.By by, Advice advice) {
    observer.count("call.refused", 1);
    return new RefusedHereException(by, policy.name(), advice);
  }

  private static <T> Outcome<T> refusedAtOnce(BackendException refusal) {
    return new Outcome.Failed<>(refusal, 0, StopReason.REFUSED_HERE);
  }

  private CallContext context(int number) {
    boolean owns = policy.retry().retries() && whole.retryRight() == RetryRight.FREE;
    return whole
        .child(policy.attemptMax())
        .forAttempt(number)
        .withRetryRight(owns ? RetryRight.OWNED_ABOVE : whole.retryRight());
  }

  private <T> T attempt(Call<T> call, CallContext context, Admission.Permit permit)
      throws InterruptedException {
    boolean hurried = whole.deadline().remaining().compareTo(policy.attemptMax()) < 0;
    Optional<Interruption> watch =
        policy.onTimeout() == OnTimeout.INTERRUPT
            ? Optional.of(Interruption.at(context.deadline()))
            : Optional.empty();
    try {
      T value = context.call(() -> call.run(context));
      permit.succeeded(time.nanos());
      return value;
    } catch (BackendException failure) {
      settle(permit, failure, hurried);
      throw failure;
    } catch (InterruptedException | RuntimeException stopped) {
      if (!watch.map(Interruption::end).orElse(false)) {
        throw stopped;
      }
      BackendException timeout = timeout(stopped);
      settle(permit, timeout, hurried);
      throw timeout;
    } finally {
      watch.ifPresent(Interruption::end);
      permit.ignored(time.nanos());
    }
  }

  private BackendException timeout(Exception stopped) {
    observer.count("call.timeout", 1);
    return new BackendException(
        policy.name() + ": no answer within the attempt's time, at most " + policy.attemptMax(),
        Effect.UNKNOWN,
        new Advice.Transient(),
        stopped);
  }

  private void settle(Admission.Permit permit, BackendException failure, boolean hurried) {
    long now = time.nanos();
    if (failure instanceof RefusedHereException
        || failure.advice() instanceof Advice.Overloaded
        || (hurried && whole.deadline().hasExpired())) {
      permit.ignored(now);
    } else if (failure.advice() instanceof Advice.Permanent) {
      permit.succeeded(now);
    } else {
      permit.failed(now);
    }
  }

  /** Waits until the next attempt may start; the answer is why there is none. */
  private Optional<StopReason> waitForNext(int number, BackendException failure)
      throws InterruptedException {
    RetryDecision decision = policy.retry().decide(failed(number, failure), random);
    if (decision instanceof RetryDecision.Stop stop) {
      return Optional.of(stop.reason());
    }
    if (!budget.tryWithdraw(whole.criticality(), time.nanos())) {
      observer.count("call.budget.spent", 1);
      return Optional.of(StopReason.BUDGET_SPENT);
    }
    boolean waited = false;
    try {
      time.sleep(((RetryDecision.Again) decision).delay());
      waited = !whole.deadline().hasExpired();
    } finally {
      if (!waited) {
        budget.giveBack();
      }
    }
    if (!waited) {
      return Optional.of(StopReason.DEADLINE);
    }
    observer.count("call.retry", 1);
    return Optional.empty();
  }

  private FailedAttempt failed(int number, BackendException failure) {
    return new FailedAttempt(
        number,
        failure.effect(),
        failure.advice(),
        policy.idempotent(),
        whole.retryRight(),
        whole.deadline().remaining());
  }

  /** For backends without a breaker. */
  private enum NoPermit implements Admission.Permit {
    INSTANCE;

    @Override
    public void succeeded(long nowNanos) {}

    @Override
    public void failed(long nowNanos) {}

    @Override
    public void ignored(long nowNanos) {}
  }
}
