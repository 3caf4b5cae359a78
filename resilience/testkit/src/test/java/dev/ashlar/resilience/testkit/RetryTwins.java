package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.RetryRight;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Fallback;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Pipelines that retry too often, too early, too late, or what they must not. */
final class RetryTwins {

  private static final Duration HOUR = Duration.ofHours(1);

  private RetryTwins() {}

  private static RetryPolicy retryOf(TestedPipeline.Setting setting) {
    return setting.policy().retry();
  }

  private static TestedPipeline with(TestedPipeline.Setting setting, RetryPolicy retry) {
    return TestedPipeline.of(setting.with(setting.policy().withRetry(retry)).pipeline());
  }

  static class OneTooManyTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return with(setting, retryOf(setting).withAttemptsMax(retryOf(setting).attemptsMax() + 1));
    }
  }

  /** Always draws the same: every client waits for the same time. */
  static class NoJitterTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return opened(
          setting,
          new RandomGenerator() {
            @Override
            public long nextLong() {
              return 0;
            }
          });
    }
  }

  static class OwnChanceTwin extends PipelineTwin {
    private long opened;

    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return opened(setting, new SplittableRandom(opened++));
    }
  }

  private static TestedPipeline opened(TestedPipeline.Setting setting, RandomGenerator random) {
    return TestedPipeline.of(
        new TestedPipeline.Setting(setting.policy(), setting.time(), random, setting.observer())
            .pipeline());
  }

  static class WaitsTwiceTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      TestedPipeline.Setting twice =
          new TestedPipeline.Setting(
              setting.policy(),
              new SlowSleep(setting.time()),
              setting.random(),
              setting.observer());
      return TestedPipeline.of(twice.pipeline());
    }
  }

  static class ObeysAnyRetryAfterTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return with(setting, retryOf(setting).withRetryAfterSlack(HOUR));
    }
  }

  static class IgnoresRetryAfterTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return misled(
          setting,
          failure ->
              failure.advice() instanceof Advice.Overloaded
                  ? failed(failure, failure.effect(), new Advice.Overloaded(Duration.ZERO))
                  : failure);
    }
  }

  static class RetriesUnknownTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return TestedPipeline.of(setting.with(setting.policy().withIdempotent()).pipeline());
    }
  }

  static class RetriesPermanentTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return misled(
          setting,
          failure ->
              failure.advice() instanceof Advice.Permanent
                  ? failed(failure, Effect.NONE, new Advice.Transient())
                  : failure);
    }
  }

  private static BackendException failed(BackendException cause, Effect effect, Advice advice) {
    return new BackendException("mistaken", effect, advice, cause);
  }

  /** A pipeline that is told of other failures than those that came. */
  private static TestedPipeline misled(
      TestedPipeline.Setting setting, UnaryOperator<BackendException> change) {
    return new PipelineTwin.Changed(setting) {
      @Override
      <T> Call<T> call(CallContext context, Call<T> call) {
        return attempt -> {
          try {
            return call.run(attempt);
          } catch (BackendException e) {
            throw change.apply(e);
          }
        };
      }
    };
  }

  static class IgnoresTheOwnerTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        CallContext context(CallContext context) {
          return context.withRetryRight(RetryRight.FREE);
        }
      };
    }
  }

  /** Looks at the pipeline's time only, not at the caller's. */
  static class IgnoresTheCallersDeadlineTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        CallContext context(CallContext context) {
          Deadline fresh = Deadline.after(HOUR, setting.time());
          return new CallContext(
              context.correlation(),
              context.request(),
              context.causedBy(),
              fresh,
              context.criticality(),
              context.cohort(),
              context.attempt(),
              context.retryRight(),
              context.client());
        }
      };
    }
  }

  static class InventsAFailureTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        public <T> Outcome<T> tryCall(
            CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
            throws InterruptedException {
          Outcome<T> outcome = sound.tryCall(context, call, fallback);
          return outcome instanceof Outcome.Failed<T> failed
              ? new Outcome.Failed<>(
                  failed(failed.failure(), Effect.UNKNOWN, new Advice.Transient()),
                  failed.attempts(),
                  failed.reason())
              : outcome;
        }
      };
    }
  }

  static class GoesOnAfterAnInterruptTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        public <T> Outcome<T> tryCall(
            CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
            throws InterruptedException {
          try {
            return sound.tryCall(context, call, fallback);
          } catch (InterruptedException e) {
            return sound.tryCall(context, call, fallback);
          }
        }
      };
    }
  }

  static class KeepsTheTokenTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        private boolean spent;

        @Override
        public <T> Outcome<T> tryCall(
            CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
            throws InterruptedException {
          try {
            return sound.tryCall(
                spent ? context.withRetryRight(RetryRight.NONE) : context, call, fallback);
          } catch (InterruptedException e) {
            spent = true;
            throw e;
          }
        }
      };
    }
  }

  static class RetriesErrorsTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        <T> Call<T> call(CallContext context, Call<T> call) {
          return attempt -> {
            try {
              return call.run(attempt);
            } catch (LinkageError e) {
              return call.run(attempt);
            }
          };
        }
      };
    }
  }

  /** Forgets at the end of each call what it spent. */
  static class FreshBudgetTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new TestedPipeline() {
        @Override
        public <T> Outcome<T> tryCall(
            CallContext context, Call<T> call, Optional<Fallback<T>> fallback)
            throws InterruptedException {
          return TestedPipeline.of(setting.pipeline()).tryCall(context, call, fallback);
        }
      };
    }
  }

  static class BelievesEveryResultTwin extends PipelineTwin {
    @Override
    protected TestedPipeline open(TestedPipeline.Setting setting) {
      return new Changed(setting) {
        @Override
        public <T> Call<T> judged(
            Call<T> call, Function<? super T, Optional<BackendException>> judge) {
          return call;
        }
      };
    }
  }
}
