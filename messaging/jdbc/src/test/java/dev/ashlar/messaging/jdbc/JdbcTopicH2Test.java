package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.topic.TopicContract;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/**
 * The contract of topics, over queues in a database; the registry is in memory. Its crashes wait
 * for visibilities of a real clock, two minutes in all, so it is no test for the inner loop.
 */
@Tag("engine")
@Subject("jdbc-h2")
class JdbcTopicH2Test extends TopicContract {

  private final TestDatabase database = TestDatabase.h2();

  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    return JdbcQueue.of(database.source(), name, options, time(), observer);
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  @Override
  protected Duration visibility() {
    return Duration.ofSeconds(1);
  }
}
