package dev.ashlar.examples.shop.service;

import dev.ashlar.messaging.Outcome;

/** What a service does when it is asked. */
@FunctionalInterface
public interface Work {

  /**
   * Does it.
   *
   * @return done, or why it will never be
   */
  Outcome handle(Job job) throws Exception;
}
