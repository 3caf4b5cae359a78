package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.retry.Backoff;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What the properties of pipelines are tested with. */
abstract class PipelineFixture extends Contract {

  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration MINUTE = Duration.ofMinutes(1);

  final SimulatedTime time = new SimulatedTime();
  final CountingObserver observer = new CountingObserver();
  final IdSource ids = IdSource.of(time, new SplittableRandom(3));

  /** Opens a pipeline with a full budget and a closed breaker. */
  protected abstract TestedPipeline open(TestedPipeline.Setting setting);

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** Three attempts, a budget that is no hindrance, no breaker, a minute for each attempt. */
  static PipelinePolicy generous() {
    return PipelinePolicy.of("backend", Duration.ofMinutes(30), MINUTE)
        .withBudget(new BudgetPolicy(1, 1000, 1_000_000))
        .withoutBreaker();
  }

  static RetryPolicy retry(int attemptsMax, Duration base) {
    Backoff backoff = new Backoff(base, Duration.ofSeconds(20));
    return RetryPolicy.standard().withAttemptsMax(attemptsMax).withBackoff(backoff);
  }

  TestedPipeline open(PipelinePolicy policy) {
    return open(policy, new SplittableRandom(5));
  }

  TestedPipeline open(PipelinePolicy policy, RandomGenerator random) {
    return open(new TestedPipeline.Setting(policy, time, random, observer));
  }

  CallContext context() {
    return context(Duration.ofMinutes(30));
  }

  CallContext context(Duration left) {
    return CallContext.root(ids, Deadline.after(left, time), "test");
  }

  static <T> Outcome<T> run(TestedPipeline pipeline, CallContext context, Call<T> call)
      throws InterruptedException {
    return pipeline.tryCall(context, call, Optional.empty());
  }

  static BackendException failure(Effect effect, Advice advice) {
    return new BackendException("backend: on purpose", effect, advice, null);
  }

  static BackendException certain() {
    return failure(Effect.NONE, new Advice.Transient());
  }

  static BackendException unknown() {
    return failure(Effect.UNKNOWN, new Advice.Transient());
  }

  static BackendException overloaded(Duration retryAfter) {
    return failure(Effect.NONE, new Advice.Overloaded(retryAfter));
  }

  static BackendException permanent() {
    return failure(Effect.UNKNOWN, new Advice.Permanent());
  }

  /** A call that fails as it is told, then answers, and notes when it was asked. */
  final class Script implements Call<String> {
    final List<Long> startedNanos = new ArrayList<>();
    final List<CallContext> contexts = new ArrayList<>();
    final List<BackendException> failures;
    Duration takes = Duration.ZERO;

    Script(BackendException... failures) {
      this.failures = List.of(failures);
    }

    @Override
    public String run(CallContext attempt) throws InterruptedException {
      startedNanos.add(time.nanos());
      contexts.add(attempt);
      time.sleep(takes);
      if (contexts.size() <= failures.size()) {
        throw failures.get(contexts.size() - 1);
      }
      return "answer";
    }

    int attempts() {
      return startedNanos.size();
    }

    /** The wait before a retry; attempts must take no time. */
    Duration waitBefore(int retry) {
      return Duration.ofNanos(startedNanos.get(retry) - startedNanos.get(retry - 1));
    }
  }
}
