package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.StoreOptions;
import java.time.Duration;

/** The contract over a store in memory that is broken on purpose. */
abstract class StoreTwin extends MemoryEventStoreTest {

  /** Returns the broken form of a store. */
  EventStore broken(EventStore healthy, Observer observer) {
    return healthy;
  }

  /** Returns the options that the store really keeps; it goes on claiming the ones it was given. */
  StoreOptions kept(StoreOptions claimed) {
    return claimed;
  }

  @Override
  protected EventStore open(String name, StoreOptions options, Observer observer) {
    EventStore healthy = super.open(name, kept(options), observer);
    return broken(
        new ForwardingEventStore(healthy) {
          @Override
          public StoreOptions options() {
            return options;
          }
        },
        observer);
  }

  /** What never comes is waited for in vain here, so not for long. */
  @Override
  protected Duration patience() {
    return Duration.ofSeconds(1);
  }
}
