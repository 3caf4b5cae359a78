package dev.ashlar.resilience.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Fallback;
import dev.ashlar.resilience.Outcome;
import java.util.Optional;

/** A pipeline that is sound but for what a subclass breaks. */
abstract class PipelineTwin extends PipelineContract {

  @Override
  protected TestedPipeline open(TestedPipeline.Setting setting) {
    return TestedPipeline.of(setting.pipeline());
  }

  /** A pipeline that goes another way with its calls. */
  abstract static class Changed implements TestedPipeline {
    final TestedPipeline sound;

    Changed(Setting setting) {
      this.sound = TestedPipeline.of(setting.pipeline());
    }

    @Override
    public <T> Outcome<T> tryCall(CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
        throws InterruptedException {
      return sound.tryCall(context(context), call(context, call), fallback);
    }

    CallContext context(CallContext context) {
      return context;
    }

    <T> Call<T> call(CallContext context, Call<T> call) {
      return call;
    }
  }
}
