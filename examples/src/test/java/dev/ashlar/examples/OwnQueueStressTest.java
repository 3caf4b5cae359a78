package dev.ashlar.examples;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.QueueStress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The queue of one's own under four threads that send and four that receive, for a second. */
// [readme:own-stress]
@Subject("own")
class OwnQueueStressTest extends QueueStress {

  private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();

  OwnQueueStressTest() {
    super(4, 1);
  }

  @Override
  protected MessageQueue open(String name, QueueOptions options) {
    return queues.computeIfAbsent(
        name, key -> new OwnQueue(key, options, TimeSource.system(), Observer.none()));
  }
}
// [/readme]
