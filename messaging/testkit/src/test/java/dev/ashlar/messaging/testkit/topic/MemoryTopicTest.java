package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Topics over queues in memory keep the contract, on clocks that are moved by hand. */
@Subject("memory")
class MemoryTopicTest extends TopicContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();
  private final Map<String, LatestObserver> observers = new ConcurrentHashMap<>();

  /** A queue outlives its users here; the first observer that does something stays. */
  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    LatestObserver latest = observers.computeIfAbsent(name, key -> new LatestObserver());
    if (observer != Observer.none()) {
      latest.current = observer;
    }
    return queues.computeIfAbsent(name, key -> MemoryQueue.of(key, options, time, latest));
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

  private static final class LatestObserver implements Observer {
    private volatile Observer current = Observer.none();

    @Override
    public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
        throws X {
      return current.around(operation, out, body);
    }
  }
}
