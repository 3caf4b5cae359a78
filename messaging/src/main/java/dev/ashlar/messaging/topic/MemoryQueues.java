package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.util.HashMap;
import java.util.Map;

/** Queues in the memory of this process, one for each name until it is dropped. */
final class MemoryQueues implements SubscriberQueues {

  private final QueueOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final Map<String, MessageQueue> queues = new HashMap<>();

  MemoryQueues(QueueOptions options, TimeSource time, Observer observer) {
    this.options = requireNonNull(options, "options");
    this.time = requireNonNull(time, "time");
    this.observer = requireNonNull(observer, "observer");
  }

  @Override
  public synchronized MessageQueue open(String name) {
    return queues.computeIfAbsent(name, key -> MemoryQueue.of(key, options, time, observer));
  }

  @Override
  public synchronized void drop(String name, Deadline deadline) {
    MessageQueue gone = queues.remove(name);
    if (gone != null) {
      gone.close();
    }
  }
}
