package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import dev.ashlar.messaging.jdbc.JdbcInbox;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A message that comes twice, and a charge that is made once.
 *
 * <pre>
 * delivery 1: Ran
 * delivery 2: Duplicate
 * charges: 1
 * </pre>
 */
public final class ChargedOnce {

  private ChargedOnce() {}

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:charged-once;DB_CLOSE_DELAY=-1");
    JdbcSchema.create(database);
    JdbcTransactions transactions = JdbcTransactions.of(database);
    transactions.run(tx -> execute(tx, "CREATE TABLE charge (order_id VARCHAR)"));

    // [readme:charged-once]
    TimeSource time = TimeSource.system();
    Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);
    MessageQueue queue =
        MemoryQueue.of("payment", QueueOptions.capacity(1000), time, Observer.none());
    Duration horizon = queue.guarantees().redeliveryHorizon();
    Inbox<Connection> inbox =
        JdbcInbox.of(database, new InboxOptions("payment", horizon, horizon), Observer.none());

    // The producer got no answer and sends again. The id is made once, so it is the same message.
    Message message = Message.of(MessageId.next(IdSource.system()), Bytes.utf8("order-17"));
    queue.send(message, deadline);
    queue.send(message, deadline);

    for (int i = 1; i <= 2; i++) {
      Delivery delivery = queue.receive(1, deadline).get(0);
      Once<Bytes> once =
          transactions.call(tx -> inbox.once(tx, delivery.message(), () -> charge(tx, delivery)));
      out.println("delivery " + i + ": " + once.getClass().getSimpleName());
      delivery.settle(Outcome.done(), deadline);
    }
    out.println("charges: " + transactions.call(ChargedOnce::charges));
    // [/readme]
  }

  private static void charge(Connection tx, Delivery delivery) throws SQLException {
    String order = delivery.message().payload().toUtf8();
    try (var insert = tx.prepareStatement("INSERT INTO charge VALUES (?)")) {
      insert.setString(1, order);
      insert.executeUpdate();
    }
  }

  private static int charges(Connection tx) throws SQLException {
    try (Statement statement = tx.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM charge")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static void execute(Connection tx, String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(sql);
    }
  }
}
