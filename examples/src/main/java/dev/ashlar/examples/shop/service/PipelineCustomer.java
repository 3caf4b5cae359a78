package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Tries within one deadline and one budget, and says so to the shop: whoever is asked below knows
 * that the retries are the customer's.
 */
final class PipelineCustomer implements Customer {

  /** An order has an id, so to place it twice is to place it once. */
  private static final PipelinePolicy POLICY =
      PipelinePolicy.of("orders", Duration.ofSeconds(2), Duration.ofMillis(900))
          .withIdempotent()
          .withBreaker(Breakers.SHORT);

  private final Door orders;
  private final Pipeline pipeline;

  PipelineCustomer(Door orders, TimeSource time, RandomGenerator random, Observer observer) {
    this.orders = orders;
    this.pipeline = Pipeline.of(POLICY, time, random, observer);
  }

  @Override
  public boolean place(Job job) throws InterruptedException {
    Outcome<Boolean> outcome =
        pipeline.tryCall(
            job.context(),
            attempt -> {
              orders.ask(job.in(attempt));
              return true;
            });
    return outcome instanceof Outcome.Ok;
  }
}
