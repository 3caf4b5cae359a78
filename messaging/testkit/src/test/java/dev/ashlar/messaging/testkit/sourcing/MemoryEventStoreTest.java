package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.MemoryEventStore;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.testkit.CurrentObserver;
import java.util.HashMap;
import java.util.Map;

/** The event store in memory keeps the contract, on clocks that nobody moves. */
@Subject("memory")
class MemoryEventStoreTest extends EventStoreContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, EventStore> stores = new HashMap<>();
  private final Map<String, CurrentObserver> observers = new HashMap<>();

  /** The store outlives its users here, so a restarted one brings an observer of its own. */
  @Override
  protected EventStore open(String name, StoreOptions options, Observer observer) {
    Observer latest = observers.computeIfAbsent(name, key -> new CurrentObserver()).with(observer);
    return stores.computeIfAbsent(name, key -> MemoryEventStore.of(key, options, time, latest));
  }

  @Override
  protected TimeSource time() {
    return time;
  }
}
