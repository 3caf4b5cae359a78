package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;

/**
 * Passes everything on to the observer that was named last: what it is given to outlives its users,
 * each of which brings one of its own.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class CurrentObserver implements Observer {

  private volatile Observer current = Observer.none();

  /** Passes on to nobody yet. */
  public CurrentObserver() {}

  /** From now on passes on to it. */
  public CurrentObserver with(Observer observer) {
    current = observer;
    return this;
  }

  /** From now on passes on to it, if it does anything. */
  public CurrentObserver withAny(Observer observer) {
    return observer == Observer.none() ? this : with(observer);
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
