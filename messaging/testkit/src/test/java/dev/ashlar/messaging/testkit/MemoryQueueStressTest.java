package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The queue in memory, under many threads. */
@Subject("memory")
class MemoryQueueStressTest extends QueueStress {

  private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();

  MemoryQueueStressTest() {
    super(4, 1);
  }

  @Override
  protected MessageQueue open(String name, QueueOptions options) {
    return queues.computeIfAbsent(
        name, key -> MemoryQueue.of(key, options, TimeSource.system(), Observer.none()));
  }
}
