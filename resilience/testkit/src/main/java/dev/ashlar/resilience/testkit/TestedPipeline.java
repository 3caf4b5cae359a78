package dev.ashlar.resilience.testkit;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Fallback;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What {@link PipelineContract} needs of a pipeline. */
public interface TestedPipeline {

  /** Makes a call, without or with a fallback. */
  <T> Outcome<T> tryCall(CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
      throws InterruptedException;

  /** Returns a call of which some results are failures. */
  default <T> Call<T> judged(Call<T> call, Function<? super T, Optional<BackendException>> judge) {
    return call.judgedBy(judge);
  }

  /** Returns what the contract sees of a {@link Pipeline}. */
  static TestedPipeline of(Pipeline pipeline) {
    return new TestedPipeline() {
      @Override
      public <T> Outcome<T> tryCall(
          CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
          throws InterruptedException {
        return fallback.isPresent()
            ? pipeline.tryCall(context, call, fallback.get())
            : pipeline.tryCall(context, call);
      }
    };
  }

  /**
   * What a pipeline is made with.
   *
   * @param policy how it treats calls
   * @param time its clocks
   * @param random its chance
   * @param observer whom it tells
   */
  record Setting(
      PipelinePolicy policy, TimeSource time, RandomGenerator random, Observer observer) {

    /** Returns the pipeline of this library. */
    public Pipeline pipeline() {
      return Pipeline.of(policy, time, random, observer);
    }

    /** Returns this setting with another policy. */
    public Setting with(PipelinePolicy changed) {
      return new Setting(changed, time, random, observer);
    }
  }
}
