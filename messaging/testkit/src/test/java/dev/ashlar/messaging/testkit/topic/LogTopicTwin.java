package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.time.Duration;

/** The contract over topics over a log in memory of which one part is broken on purpose. */
abstract class LogTopicTwin extends MemoryLogTopicTest {

  EventLog broken(EventLog healthy) {
    return healthy;
  }

  SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
    return healthy;
  }

  @Override
  EventLog make(String name, LogOptions options, Observer observer) {
    return broken(super.make(name, options, observer));
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
