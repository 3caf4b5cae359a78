package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract over topics in memory of which one part is broken on purpose. */
abstract class TopicTwin extends MemoryTopicTest {

  private final Map<String, MessageQueue> broken = new ConcurrentHashMap<>();

  MessageQueue brokenSource(MessageQueue healthy) {
    return healthy;
  }

  MessageQueue brokenQueue(MessageQueue healthy) {
    return healthy;
  }

  SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
    return healthy;
  }

  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    MessageQueue healthy = super.open(name, options, observer);
    return broken.computeIfAbsent(
        name, key -> key.contains(".") ? brokenQueue(healthy) : brokenSource(healthy));
  }

  @Override
  protected SubscriptionRegistry registry(String topic, Duration term) throws Exception {
    return brokenRegistry(super.registry(topic, term));
  }

  /** What never comes is waited for in vain here, so not for long. */
  @Override
  protected Duration patience() {
    return Duration.ofSeconds(1);
  }
}
