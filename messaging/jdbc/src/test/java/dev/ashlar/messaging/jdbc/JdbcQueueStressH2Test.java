package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.QueueStress;
import java.time.Duration;

/** Four handles of one queue in H2, as four processes have them, under many threads. */
@Subject("jdbc-h2")
class JdbcQueueStressH2Test extends QueueStress {

  JdbcQueueStressH2Test() {
    super(4, 2);
  }

  @Override
  protected MessageQueue open(String name, QueueOptions options) {
    return JdbcQueue.of(
            TestDatabase.h2().source(), name, options, TimeSource.system(), Observer.none())
        .withPollInterval(Duration.ofMillis(5));
  }
}
