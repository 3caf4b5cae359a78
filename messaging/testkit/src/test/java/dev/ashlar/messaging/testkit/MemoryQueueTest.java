package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The queue in memory keeps the contract, on clocks that are moved by hand. */
@Subject("memory")
class MemoryQueueTest extends MessageQueueContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, MessageQueue> queues = new HashMap<>();
  private final Map<String, CurrentObserver> observers = new HashMap<>();

  /** The queue outlives its users here, so a restarted one brings an observer of its own. */
  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    CurrentObserver current = observers.computeIfAbsent(name, key -> new CurrentObserver());
    current.set(observer);
    return queues.computeIfAbsent(name, key -> MemoryQueue.of(key, options, time, current));
  }

  @Override
  protected TimeSource time() {
    return time;
  }

  @Override
  protected Duration visibility() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void pass(Duration duration) {
    time.advance(duration);
  }
}
