package dev.ashlar.examples.shop.service;

import dev.ashlar.resilience.breaker.BreakerPolicy;
import java.time.Duration;

/** How the shop's own pipelines stop asking a service that does not answer. */
final class Breakers {

  /**
   * A service that died is back within a second, so nobody waits for ten, as one would for somebody
   * else's service.
   */
  static final BreakerPolicy SHORT =
      new BreakerPolicy(
          Duration.ofSeconds(1), 20, 50, Duration.ofMillis(200), 20, 5, Duration.ofSeconds(1));

  private Breakers() {}
}
