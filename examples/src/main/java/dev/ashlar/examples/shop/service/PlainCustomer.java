package dev.ashlar.examples.shop.service;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.TimeSource;
import java.time.Duration;

/** Tries three times, with a pause that grows. */
final class PlainCustomer implements Customer {

  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Door orders;
  private final TimeSource time;

  PlainCustomer(Door orders, TimeSource time) {
    this.orders = orders;
    this.time = time;
  }

  @Override
  public boolean place(Job job) throws InterruptedException {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        orders.ask(job.in(job.context().forAttempt(attempt)));
        return true;
      } catch (BackendException e) {
        time.sleep(PAUSE.multipliedBy(attempt));
      }
    }
    return false;
  }
}
