package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import java.util.random.RandomGenerator;

/** Pipelines that do not outlive a call. */
final class CallR2 {

  private CallR2() {}

  @Finds(1)
  record Wrong(PipelinePolicy policy, RandomGenerator random) {

    String ask(CallContext context, Call<String> call) throws InterruptedException {
      return Pipeline.of(policy, TimeSource.system(), random, Observer.none()).call(context, call);
    }
  }

  @Finds(0)
  static final class Right {

    private final Pipeline pipeline;

    Right(PipelinePolicy policy, RandomGenerator random) {
      pipeline = Pipeline.of(policy, TimeSource.system(), random, Observer.none());
    }

    String ask(CallContext context, Call<String> call) throws InterruptedException {
      return pipeline.call(context, call);
    }
  }
}
