package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;

/** Tells whichever observer was set last. */
final class CurrentObserver implements Observer {

  private volatile Observer current = Observer.none();

  void set(Observer changed) {
    current = changed;
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
