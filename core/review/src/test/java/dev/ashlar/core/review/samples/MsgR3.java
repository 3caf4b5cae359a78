package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.topic.Topic;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Sending within a transaction. */
final class MsgR3 {

  private MsgR3() {}

  @Finds(1)
  record Wrong(JdbcTransactions transactions, MessageQueue queue) {

    void place(Order order, Deadline deadline) throws Exception {
      // [readme:send-in-transaction]
      transactions.run(
          tx -> {
            order.insert(tx);
            queue.send(order.message(), deadline); // Not committed yet, and perhaps never.
          });
      // [/readme]
    }
  }

  /** In a method of its own, which the transaction is not handed to. */
  @Finds(1)
  record WrongInAnotherMethod(JdbcTransactions transactions, Topic topic) {

    void place(Order order, Deadline deadline) throws Exception {
      transactions.run(
          tx -> {
            order.insert(tx);
            tell(order, deadline);
          });
    }

    private void tell(Order order, Deadline deadline) throws InterruptedException {
      topic.sendAll(List.of(order.message()), deadline).forEach(result -> result.orThrow());
    }
  }

  /** The name of Spring's and Jakarta's annotation. */
  @interface Transactional {}

  @Finds(1)
  record WrongByAnnotation(MessageQueue queue) {

    @Transactional
    void place(Order order, Deadline deadline) throws InterruptedException {
      queue.send(order.message(), deadline);
    }
  }

  /** A lambda within the lambda that has the transaction. */
  @Finds(1)
  record WrongInAnInbox(
      JdbcTransactions transactions, Inbox<Connection> inbox, MessageQueue queue) {

    void handle(Order order, Deadline deadline) throws Exception {
      transactions.run(
          tx -> inbox.once(tx, order.message(), () -> queue.send(order.message(), deadline)));
    }
  }

  @Finds(0)
  record Right(JdbcTransactions transactions, Outbox<Connection> outbox) {

    void place(Order order) throws SQLException {
      // [readme:add-in-transaction]
      transactions.run(
          tx -> {
            order.insert(tx);
            outbox.add(tx, "orders", order.message());
          });
      // [/readme]
    }
  }

  /** Behind the transaction: that may be two writes where one is wanted, but holds no lock. */
  @Finds(0)
  record RightBehindIt(JdbcTransactions transactions, MessageQueue queue) {

    void place(Order order, Deadline deadline) throws Exception {
      transactions.run(tx -> order.insert(tx));
      queue.send(order.message(), deadline);
    }
  }
}
