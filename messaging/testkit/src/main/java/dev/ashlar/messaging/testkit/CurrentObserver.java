package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;

/** Tells whichever observer was set last. */
final class CurrentObserver implements Observer {

  private volatile Observer current = Observer.none();

  void set(Observer changed) {
    current = changed;
  }

  @Override
  public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
      throws X {
    return current.around(operation, out, body);
  }

  @Override
  public void count(String event, long n) {
    current.count(event, n);
  }

  @Override
  public void step(String name) {
    current.step(name);
  }
}
