package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.inbox.InboxOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final TimeSource time = TimeSource.system();
  private final DataSource source = TestDatabase.freshH2("").source();

  @Test
  void anOrderIsPlacedAndChargedOnce() throws Exception {
    // [doc:JdbcQueue]
    JdbcSchema.create(source);
    MessageQueue queue =
        JdbcQueue.of(source, "orders", QueueOptions.capacity(10_000), time, Observer.none());
    // [/doc]
    // [doc:JdbcInbox]
    Duration horizon = queue.guarantees().redeliveryHorizon();
    InboxOptions options = new InboxOptions("billing", horizon.plusDays(1), horizon);
    JdbcInbox inbox = JdbcInbox.of(source, options, Observer.none());
    // [/doc]
    JdbcOutbox outbox =
        JdbcOutbox.of(source, "shop", JdbcOutboxOptions.defaults(), time, Observer.none());
    Message message = Message.of(new MessageId("m-1"), Bytes.utf8("order"));
    String order = "o-1";
    setUp();

    // [doc:JdbcTransactions]
    JdbcTransactions transactions = JdbcTransactions.of(source);
    transactions.run(tx -> inbox.once(tx, message, () -> charge(tx, order)));
    // [/doc]
    // [doc:Inbox]
    transactions.run(tx -> inbox.once(tx, message, () -> charge(tx, order)));
    // [/doc]
    // [doc:JdbcOutbox]
    transactions.run(
        tx -> {
          insert(tx, order);
          outbox.add(tx, "payments", message);
        });
    // [/doc]

    assertThat(outbox.backlog(Deadline.after(Duration.ofSeconds(30), time))).isEqualTo(1);
  }

  private void setUp() {
    JdbcTransactions.of(source)
        .run(tx -> execute(tx, "CREATE TABLE charge (order_id VARCHAR(10) PRIMARY KEY)"));
  }

  /** A second charge would fail. */
  private static void charge(Connection tx, String order) throws SQLException {
    execute(tx, "INSERT INTO charge VALUES ('" + order + "')");
  }

  private static void insert(Connection tx, String order) throws SQLException {
    execute(tx, "INSERT INTO charge VALUES ('of " + order + "')");
  }

  private static void execute(Connection tx, String sql) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      statement.execute();
    }
  }
}
