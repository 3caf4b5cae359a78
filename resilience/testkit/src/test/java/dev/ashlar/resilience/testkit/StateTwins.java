package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Criticality;
import dev.ashlar.core.Observer;
import dev.ashlar.resilience.breaker.Admission;
import dev.ashlar.resilience.breaker.Breaker;
import dev.ashlar.resilience.breaker.BreakerPolicy;
import dev.ashlar.resilience.breaker.BreakerState;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryBudget;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Budgets and breakers with one thing wrong. */
final class StateTwins {

  private StateTwins() {}

  private static class Forwarding implements TestedBudget {
    final TestedBudget sound;

    Forwarding(BudgetPolicy policy) {
      this.sound = TestedBudget.of(RetryBudget.of(policy));
    }

    @Override
    public void succeeded(long nowNanos) {
      sound.succeeded(nowNanos);
    }

    @Override
    public boolean tryWithdraw(Criticality criticality, long nowNanos) {
      return sound.tryWithdraw(criticality, nowNanos);
    }

    @Override
    public double balance(long nowNanos) {
      return sound.balance(nowNanos);
    }
  }

  static class FedByRequestsTwin extends RetryBudgetContract {
    @Override
    protected TestedBudget open(BudgetPolicy policy) {
      return new Forwarding(policy) {
        @Override
        public boolean tryWithdraw(Criticality criticality, long nowNanos) {
          sound.succeeded(nowNanos);
          return sound.tryWithdraw(criticality, nowNanos);
        }
      };
    }
  }

  static class TwiceTheFloorTwin extends RetryBudgetContract {
    @Override
    protected TestedBudget open(BudgetPolicy policy) {
      return new Forwarding(policy.withFloorPerSecond(2 * policy.floorPerSecond() + 1));
    }
  }

  static class NeverRefusesTwin extends RetryBudgetContract {
    @Override
    protected TestedBudget open(BudgetPolicy policy) {
      return new Forwarding(policy) {
        private int asked;

        @Override
        public boolean tryWithdraw(Criticality criticality, long nowNanos) {
          return sound.tryWithdraw(criticality, nowNanos) || ++asked < 1_000_000;
        }
      };
    }
  }

  /** A refused question costs what is left. */
  static class RefusalCostsTwin extends RetryBudgetContract {
    @Override
    protected TestedBudget open(BudgetPolicy policy) {
      return new Forwarding(policy) {
        private int refused;

        @Override
        public boolean tryWithdraw(Criticality criticality, long nowNanos) {
          boolean taken = sound.tryWithdraw(criticality, nowNanos);
          refused += taken ? 0 : 1;
          return taken;
        }

        @Override
        public double balance(long nowNanos) {
          return sound.balance(nowNanos) - refused;
        }
      };
    }
  }

  /** Looks at the balance, and then takes: two steps, between which others look. */
  static class LooksThenTakesTwin extends RetryBudgetContract {
    @Override
    protected TestedBudget open(BudgetPolicy policy) {
      return new TestedBudget() {
        private volatile int balance = policy.capacity();

        @Override
        public void succeeded(long nowNanos) {}

        @Override
        public boolean tryWithdraw(Criticality criticality, long nowNanos) {
          int seen = balance;
          if (seen < 1) {
            return false;
          }
          Thread.onSpinWait();
          balance = seen - 1;
          return true;
        }

        @Override
        public double balance(long nowNanos) {
          return balance;
        }
      };
    }
  }

  private static TestedBreaker breaker(BreakerPolicy policy, RandomGenerator random) {
    return TestedBreaker.of(Breaker.of("twin", policy, random, Observer.none()));
  }

  private static BreakerPolicy failures(BreakerPolicy policy, Duration window, int callsMin) {
    return policy.withFailures(window, callsMin, policy.failurePercent());
  }

  static class OpensOneTooEarlyTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      int fewer = Math.max(1, policy.callsMin() - 1);
      return breaker(failures(policy, policy.window(), fewer), random);
    }
  }

  static class ForgetsNothingTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      return breaker(failures(policy, Duration.ofHours(1), policy.callsMin()), random);
    }
  }

  static class CountsWhatIsIgnoredTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      TestedBreaker sound = breaker(policy, random);
      return new TestedBreaker() {
        @Override
        public Admission ask(long nowNanos) {
          return sound.ask(nowNanos) instanceof Admission.Admitted admitted
              ? new Admission.Admitted(new Counting(admitted.permit()))
              : sound.ask(nowNanos);
        }

        @Override
        public BreakerState state(long nowNanos) {
          return sound.state(nowNanos);
        }
      };
    }
  }

  private record Counting(Admission.Permit sound) implements Admission.Permit {
    @Override
    public void succeeded(long nowNanos) {
      sound.succeeded(nowNanos);
    }

    @Override
    public void failed(long nowNanos) {
      sound.failed(nowNanos);
    }

    @Override
    public void ignored(long nowNanos) {
      sound.failed(nowNanos);
    }
  }

  /** Ends its open time only after it, as Resilience4j does by itself. */
  static class OpensOneNanoLateTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      Duration longer = policy.openTime().plusNanos(1);
      return breaker(policy.withOpenTime(longer, policy.openJitterPercent()), random);
    }
  }

  static class NoJitterTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      return breaker(policy.withOpenTime(policy.openTime(), 0), random);
    }
  }

  static class LetsAllProbeTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      return breaker(policy.withProbes(1000, policy.probeMax()), random);
    }
  }

  static class WaitsForLostProbesTwin extends BreakerContract {
    @Override
    protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
      return breaker(policy.withProbes(policy.probes(), Duration.ofHours(1)), random);
    }
  }
}
