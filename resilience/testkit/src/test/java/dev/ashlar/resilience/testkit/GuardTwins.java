package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Effect;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Fallback;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.breaker.Admission;
import dev.ashlar.resilience.breaker.Breaker;
import dev.ashlar.resilience.retry.StopReason;
import java.util.Optional;

/** Pipelines that count what they must not, lose the context, or degrade at the wrong time. */
final class GuardTwins {

  private GuardTwins() {}

  /** Takes every end but a value for a failure of the backend. */
  static class CountsEverythingTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Guarded(setting) {
        @Override
        void end(Admission.Permit permit, boolean ok, Optional<Throwable> thrown) {
          if (ok) {
            permit.succeeded(setting.time().nanos());
          } else {
            permit.failed(setting.time().nanos());
          }
        }
      };
    }
  }

  /** Settles a permit at a value and at a failure, and forgets the third way to end. */
  static class KeepsThePermitOfAnErrorTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Guarded(setting) {
        @Override
        void end(Admission.Permit permit, boolean ok, Optional<Throwable> thrown) {
          if (ok) {
            permit.succeeded(setting.time().nanos());
          } else if (thrown.isEmpty()) {
            permit.failed(setting.time().nanos());
          }
        }
      };
    }
  }

  /** A breaker around the whole, which is told of each end in its own way. */
  private abstract static class Guarded implements TestedPipeline {
    private final Setting setting;
    private final TestedPipeline inner;
    private final Optional<Breaker> breaker;

    Guarded(Setting setting) {
      this.setting = setting;
      this.inner = TestedPipeline.of(setting.with(setting.policy().withoutBreaker()).pipeline());
      this.breaker =
          setting
              .policy()
              .breaker()
              .map(each -> Breaker.of("twin", each, setting.random(), setting.observer()));
    }

    abstract void end(Admission.Permit permit, boolean ok, Optional<Throwable> thrown);

    @Override
    public <T> Outcome<T> tryCall(CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
        throws InterruptedException {
      if (breaker.isEmpty()) {
        return inner.tryCall(context, call, fallback);
      }
      if (!(breaker.get().ask(setting.time().nanos()) instanceof Admission.Admitted admitted)) {
        return refused();
      }
      try {
        Outcome<T> outcome = inner.tryCall(context, call, fallback);
        end(admitted.permit(), outcome instanceof Outcome.Ok, Optional.empty());
        return outcome;
      } catch (InterruptedException | RuntimeException | Error e) {
        end(admitted.permit(), false, Optional.of(e));
        throw e;
      }
    }

    private static <T> Outcome<T> refused() {
      BackendException refusal =
          new BackendException("twin", Effect.NONE, new Advice.Transient(), null);
      return new Outcome.Failed<>(refusal, 0, StopReason.REFUSED_HERE);
    }
  }

  /** Runs each attempt in somebody else's context, as a pooled thread does that kept one. */
  static class LosesTheContextTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        <T> Call<T> call(CallContext context, Call<T> call) {
          return attempt ->
              attempt.withCohort(127 - attempt.cohort()).call(() -> call.run(attempt));
        }
      };
    }
  }

  static class FallsBackWithoutContextTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new OwnFallback(setting) {
        @Override
        <T> T instead(CallContext context, Fallback<T> fallback, Outcome.Failed<T> failed)
            throws InterruptedException {
          return fallback.instead(context, failed.failure());
        }
      };
    }
  }

  static class FallsBackForAnythingTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new OwnFallback(setting) {
        @Override
        boolean isWanted(BackendException failure) {
          return true;
        }
      };
    }
  }

  static class FallsBackForEachAttemptTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new OwnFallback(setting) {
        @Override
        <T> T instead(CallContext context, Fallback<T> fallback, Outcome.Failed<T> failed)
            throws InterruptedException {
          for (int i = 1; i < failed.attempts(); i++) {
            T unused = super.instead(context, fallback, failed);
          }
          return super.instead(context, fallback, failed);
        }
      };
    }
  }

  static class HidesThatItDegradedTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        public <T> Outcome<T> tryCall(
            CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
            throws InterruptedException {
          Outcome<T> outcome = sound.tryCall(context, call, fallback);
          return outcome instanceof Outcome.Degraded<T> degraded
              ? new Outcome.Ok<>(degraded.value(), degraded.failed().attempts())
              : outcome;
        }
      };
    }
  }

  /** Falls back by itself, in whatever time the fallback takes. */
  static class FallsBackForEverTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new OwnFallback(setting);
    }
  }

  private static class OwnFallback extends PipelineTwin.Changed {
    OwnFallback(Setting setting) {
      super(setting);
    }

    @Override
    public <T> Outcome<T> tryCall(CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
        throws InterruptedException {
      Outcome<T> outcome = sound.tryCall(context, call, Optional.empty());
      if (outcome instanceof Outcome.Failed<T> failed
          && fallback.isPresent()
          && isWanted(failed.failure())) {
        return new Outcome.Degraded<>(instead(context, fallback.get(), failed), failed);
      }
      return outcome;
    }

    boolean isWanted(BackendException failure) {
      return !(failure.advice() instanceof Advice.Permanent);
    }

    <T> T instead(CallContext context, Fallback<T> fallback, Outcome.Failed<T> failed)
        throws InterruptedException {
      return context.call(() -> fallback.instead(context, failed.failure()));
    }
  }
}
