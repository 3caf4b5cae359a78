package dev.ashlar.resilience.testkit;

import dev.ashlar.resilience.breaker.Admission;
import dev.ashlar.resilience.breaker.Breaker;
import dev.ashlar.resilience.breaker.BreakerState;

/** What {@link BreakerContract} needs of a breaker; each method is told the elapsed time. */
public interface TestedBreaker {

  /** Asks whether an attempt may be made. */
  Admission ask(long nowNanos);

  /** Returns what the breaker does with attempts. */
  BreakerState state(long nowNanos);

  /** Returns what the contract sees of a {@link Breaker}. */
  static TestedBreaker of(Breaker breaker) {
    return new TestedBreaker() {
      @Override
      public Admission ask(long nowNanos) {
        return breaker.ask(nowNanos);
      }

      @Override
      public BreakerState state(long nowNanos) {
        return breaker.state(nowNanos);
      }
    };
  }
}
