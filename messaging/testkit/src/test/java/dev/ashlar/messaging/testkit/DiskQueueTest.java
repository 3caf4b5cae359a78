package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * The queue on disk keeps the contract. Whoever opens a name again, while nobody holds a message of
 * it, gets what a process finds that starts after the one before was killed.
 */
@Subject("disk")
class DiskQueueTest extends MessageQueueContract {

  @TempDir Path folder;

  private final ManualTime time = ManualTime.create();
  private final Map<String, RestartedQueue> queues = new HashMap<>();
  private final Map<String, CurrentObserver> observers = new HashMap<>();

  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer)
      throws Exception {
    CurrentObserver current =
        observers.computeIfAbsent(name, key -> new CurrentObserver()).with(observer);
    RestartedQueue known = queues.get(name);
    if (known == null) {
      known = make(name, options, folder.resolve(name), current);
      queues.put(name, known);
    } else {
      known.restart();
    }
    return known;
  }

  /** Makes the queue; overridden by twins only. */
  RestartedQueue make(String name, QueueOptions options, Path place, Observer current) {
    return new RestartedQueue(name, options, place, time(), current);
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
