package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.resilience.breaker.Breaker;
import dev.ashlar.resilience.breaker.BreakerPolicy;
import java.util.random.RandomGenerator;

@Subject("pipeline")
class BreakerTest extends BreakerContract {

  @Override
  protected TestedBreaker open(BreakerPolicy policy, RandomGenerator random) {
    return TestedBreaker.of(Breaker.of("tested", policy, random, Observer.none()));
  }
}
