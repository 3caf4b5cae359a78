package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.MessageQueueContract;
import java.sql.SQLException;
import java.time.Duration;

/** The contract of queues, on a database. */
abstract class JdbcQueueProperties extends MessageQueueContract {

  private final TestDatabase database;

  JdbcQueueProperties(TestDatabase database) {
    this.database = database;
  }

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

  @Override
  protected boolean damage(MessageQueue queue, MessageId id) throws SQLException {
    return database.change(
            "UPDATE ashlar_queue SET headers = 'no version' WHERE queue = ? AND message_id = ?",
            queue.name(),
            id.value())
        == 1;
  }

  @Override
  protected MessageQueue openLosingAnswers(String name, QueueOptions options) {
    return JdbcQueue.of(
        new AnswersLost(database.source()).source(), name, options, time(), Observer.none());
  }
}
