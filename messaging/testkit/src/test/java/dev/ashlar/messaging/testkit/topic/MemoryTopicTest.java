package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.CurrentObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Topics over queues in memory keep the contract, on clocks that are moved by hand. */
@Subject("memory")
class MemoryTopicTest extends TopicContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();
  private final Map<String, CurrentObserver> observers = new ConcurrentHashMap<>();

  /** A queue outlives its users here; the last observer that does something stays. */
  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    CurrentObserver current =
        observers.computeIfAbsent(name, key -> new CurrentObserver()).withAny(observer);
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
