package dev.ashlar.examples.shop.service;

import dev.ashlar.core.BackendException;

/** The way to a service that is asked by requests: one request, and its answer is waited for. */
@FunctionalInterface
public interface Door {

  /**
   * Asks once.
   *
   * @param job its id is the idempotency key, its context travels along, and its deadline ends the
   *     wait
   * @throws BackendException if there was no answer, or none that says it is done
   */
  void ask(Job job) throws InterruptedException;
}
