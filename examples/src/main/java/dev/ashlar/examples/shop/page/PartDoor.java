package dev.ashlar.examples.shop.page;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;

/** The way to the backends of the page: one request, and its answer is waited for. */
@FunctionalInterface
public interface PartDoor {

  /**
   * Asks once.
   *
   * @param page counts from 1; faults are scheduled by it
   * @param context travels along, and its deadline ends the wait
   * @throws BackendException if there was no answer
   */
  String ask(PagePart part, long page, CallContext context) throws InterruptedException;
}
