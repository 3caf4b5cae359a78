package dev.ashlar.resilience;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.breaker.Breaker;
import dev.ashlar.resilience.retry.RetryBudget;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The way of a call to another service: tried in time, retried where that is safe and affordable,
 * not tried where it is hopeless.
 *
 * <p>The order of its parts is fixed, from the outside in: fallback, total deadline, retry, and for
 * each attempt breaker and attempt time-out. Other orders are mistakes that look harmless: a
 * breaker around the retries sees one failure where there were three, a time-out around them alone
 * lets a hanging attempt eat the time of all.
 *
 * <p>One pipeline belongs to one backend; its budget and its breaker learn from all calls to it.
 * Where some requests to the backend are idempotent and others are not, {@link #forIdempotent()}
 * gives a second view of the same.
 *
 * <p><b>Guarantees.</b> Attempts never exceed the policy's (CALL-1), start before the deadline, and
 * the failure that comes out is the last real one (CALL-5). What is not idempotent is repeated only
 * if it certainly had no effect (CALL-6). A permanent failure is repeated at no layer (CALL-7), and
 * below a layer that retries there is one attempt (CALL-24). Retries are bounded by the {@link
 * RetryBudget}. An interrupt during a wait ends the call, and the token goes back (CALL-8). An
 * {@link Error} is not retried and holds no permit (CALL-10). Attempts, observers and the fallback
 * see the call's context, and the thread has its former one afterwards (CALL-22). A fallback runs
 * at most once, not for what is the caller's own fault, and ends in its own time (CALL-46).
 *
 * <p><b>Not guaranteed.</b> That an attempt ends at its deadline: its thread is interrupted then,
 * and work that takes no notice goes on, with its caller. If the caller's thread is interrupted by
 * somebody else in the moment after that, the two interrupts are one.
 *
 * <p><b>Failures.</b> {@link BackendException}, as the last attempt threw it, or {@link
 * RefusedHereException}. Other exceptions of the call go through at once and count for nothing.
 *
 * <p><b>Threads.</b> Safe. It works in the caller's thread, platform or virtual, and holds no lock
 * while it waits or runs the call.
 *
 * <p><b>Limits.</b> {@link PipelinePolicy}.
 *
 * <pre>{@code
 * PipelinePolicy policy =
 *     PipelinePolicy.of("catalog", Duration.ofSeconds(2), Duration.ofMillis(600)).withIdempotent();
 * Pipeline catalog = Pipeline.of(policy, TimeSource.system(), random, Observer.none());
 *
 * String page = catalog.call(context, attempt -> client.page("p-17", attempt));
 * }</pre>
 *
 * @see <a href="https://sre.google/sre-book/addressing-cascading-failures/">Addressing Cascading
 *     Failures</a>
 */
public final class Pipeline {

  private final PipelinePolicy policy;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Observer observer;
  private final RetryBudget budget;
  private final Optional<Breaker> breaker;

  private Pipeline(PipelinePolicy policy, Pipeline shared) {
    this.policy = policy;
    this.time = shared.time;
    this.random = shared.random;
    this.observer = shared.observer;
    this.budget = shared.budget;
    this.breaker = shared.breaker;
  }

  private Pipeline(
      PipelinePolicy policy, TimeSource time, RandomGenerator random, Observer observer) {
    this.policy = requireNonNull(policy, "policy");
    this.time = requireNonNull(time, "time");
    this.random = new SharedRandom(random);
    this.observer = requireNonNull(observer, "observer");
    this.budget = RetryBudget.of(policy.budget());
    this.breaker =
        policy.breaker().map(each -> Breaker.of(policy.name(), each, this.random, observer));
  }

  /**
   * Returns a pipeline with a full budget and a closed breaker.
   *
   * @param random draws waits; the pipeline uses it from one thread at a time. Well-seeded, or all
   *     processes wait for the same times
   * @param observer is told {@code "call.retry"}, {@code "call.timeout"}, {@code "call.refused"},
   *     {@code "call.budget.spent"}, {@code "call.failed"} and {@code "call.degraded"}
   */
  public static Pipeline of(
      PipelinePolicy policy, TimeSource time, RandomGenerator random, Observer observer) {
    return new Pipeline(policy, time, random, observer);
  }

  /** Returns this pipeline, with the same budget and breaker, for idempotent calls. */
  public Pipeline forIdempotent() {
    return new Pipeline(policy.withIdempotent(), this);
  }

  /** Returns how calls are treated. */
  public PipelinePolicy policy() {
    return policy;
  }

  /** Returns what retries may still be made, shared by all calls. */
  public RetryBudget budget() {
    return budget;
  }

  /** Returns the breaker that all calls share, if the policy has one. */
  public Optional<Breaker> breaker() {
    return breaker;
  }

  /**
   * Makes the call.
   *
   * @param context whose deadline is kept if it is earlier than the policy's
   * @throws BackendException the last attempt's, or {@link RefusedHereException}
   * @throws InterruptedException if interrupted in a wait or an attempt; the effect of an attempt
   *     that was under way is unknown
   */
  public <T> T call(CallContext context, Call<T> call) throws InterruptedException {
    return tryCall(context, call).orThrow();
  }

  /**
   * Makes the call, and takes the fallback's value if it fails for a reason that is not the
   * caller's own.
   *
   * @throws BackendException as from {@link #call(CallContext, Call)}
   */
  public <T> T call(CallContext context, Call<T> call, Fallback<T> fallback)
      throws InterruptedException {
    return tryCall(context, call, fallback).orThrow();
  }

  /** Makes the call; a failure is an answer. */
  public <T> Outcome<T> tryCall(CallContext context, Call<T> call) throws InterruptedException {
    requireNonNull(call, "call");
    CallContext whole = context.child(policy.total());
    return whole.call(
        () -> {
          Outcome<T> outcome = run(whole).of(call);
          note(outcome);
          return outcome;
        });
  }

  /** Makes the call, or degrades; a failure is an answer. */
  public <T> Outcome<T> tryCall(CallContext context, Call<T> call, Fallback<T> fallback)
      throws InterruptedException {
    requireNonNull(fallback, "fallback");
    CallContext whole = context.child(policy.total());
    return whole.call(
        () -> {
          Outcome<T> outcome = run(whole).of(call);
          if (outcome instanceof Outcome.Failed<T> failed
              && !(failed.failure().advice() instanceof Advice.Permanent)) {
            outcome = degrade(whole, failed, fallback);
          }
          note(outcome);
          return outcome;
        });
  }

  private CallRun run(CallContext whole) {
    return new CallRun(policy, whole, budget, breaker, new CallRun.Outside(time, random, observer));
  }

  private void note(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Failed) {
      observer.count("call.failed", 1);
    } else if (outcome instanceof Outcome.Degraded) {
      observer.count("call.degraded", 1);
    }
  }

  private <T> Outcome<T> degrade(CallContext whole, Outcome.Failed<T> failed, Fallback<T> fallback)
      throws InterruptedException {
    Deadline own = whole.deadline();
    if (own.remaining().compareTo(policy.fallbackMax()) < 0) {
      own = Deadline.after(policy.fallbackMax(), time);
    }
    CallContext context = withDeadline(whole, own);
    Interruption interruption = Interruption.at(own);
    try {
      T value = context.call(() -> fallback.instead(context, failed.failure()));
      return new Outcome.Degraded<>(value, failed);
    } catch (InterruptedException e) {
      if (!interruption.end()) {
        throw e;
      }
      failed.failure().addSuppressed(e);
      return failed;
    } catch (BackendException e) {
      if (e != failed.failure()) {
        failed.failure().addSuppressed(e);
      }
      return failed;
    } finally {
      interruption.end();
    }
  }

  /** The one place where a deadline may grow: a fallback has an allowance of its own. */
  private static CallContext withDeadline(CallContext context, Deadline deadline) {
    return new CallContext(
        context.correlation(),
        context.request(),
        context.causedBy(),
        deadline,
        context.criticality(),
        context.cohort(),
        context.attempt(),
        context.retryRight(),
        context.client());
  }

  @Override
  public String toString() {
    return "Pipeline of " + policy;
  }
}
