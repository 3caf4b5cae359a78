package dev.ashlar.messaging.disk;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes on what a store and its journal tell, and knows how many segments the journal has begun.
 *
 * <p><b>Threads.</b> Safe.
 */
final class StoreObserver implements Observer {

  private static final String BEGUN = "journal.segment.begun";

  private final Observer told;
  private final AtomicLong segmentsBegun = new AtomicLong();

  StoreObserver(Observer told) {
    this.told = told;
  }

  /** Returns how many segments were begun since the opening. */
  long segmentsBegun() {
    return segmentsBegun.get();
  }

  @Override
  public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
      throws X {
    return told.around(operation, out, body);
  }

  @Override
  public void count(String event, long n) {
    told.count(event, n);
  }

  @Override
  public void step(String name) {
    if (name.equals(BEGUN)) {
      segmentsBegun.incrementAndGet();
    }
    told.step(name);
  }
}
