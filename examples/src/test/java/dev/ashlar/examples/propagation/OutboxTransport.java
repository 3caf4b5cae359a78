package dev.ashlar.examples.propagation;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.jdbc.JdbcInbox;
import dev.ashlar.messaging.jdbc.JdbcOutbox;
import dev.ashlar.messaging.jdbc.JdbcOutboxOptions;
import dev.ashlar.messaging.jdbc.JdbcQueue;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.RelayOptions;
import dev.ashlar.tracing.testkit.TransportContract.Handler;
import dev.ashlar.tracing.testkit.TransportContract.Transport;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.h2.jdbcx.JdbcDataSource;

/** An outbox, its relay, a queue and an inbox, all in one database. */
final class OutboxTransport implements Transport {

  private static final Duration SHORT = Duration.ofMillis(2);

  private final JdbcDataSource database;
  private final Observer observer;
  private final JdbcTransactions transactions;
  private final JdbcOutbox outbox;
  private final MessageQueue queue;
  private final Inbox<Connection> inbox;

  private OutboxTransport(JdbcDataSource database, Observer observer) {
    this.database = database;
    this.observer = observer;
    transactions = JdbcTransactions.of(database);
    outbox = JdbcOutbox.of(database, "orders", JdbcOutboxOptions.defaults(), Peers.TIME, observer);
    queue =
        JdbcQueue.of(database, "payment", QueueOptions.capacity(1000), Peers.TIME, observer)
            .withPollInterval(SHORT);
    Duration horizon = queue.guarantees().redeliveryHorizon();
    inbox = JdbcInbox.of(database, new InboxOptions("payment", horizon, horizon), observer);
  }

  static OutboxTransport open(Observer observer) throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + IdSource.system().text() + ";DB_CLOSE_DELAY=-1");
    JdbcSchema.create(database);
    return new OutboxTransport(database, observer);
  }

  /** Another process has nothing of this one but the database. */
  @Override
  public Transport restarted() {
    return new OutboxTransport(database, observer);
  }

  @Override
  public void send(String text) {
    Message message = Message.of(MessageId.next(IdSource.system()), Bytes.utf8(text));
    transactions.run(tx -> outbox.add(tx, "payment", message));
  }

  @Override
  public void deliver(Handler handler) throws Exception {
    relayAll();
    Consuming.whatWaits(
        queue,
        observer,
        message ->
            transactions.call(
                tx -> inbox.once(tx, message, () -> handler.handle(message.payload().toUtf8()))));
  }

  void relayAll() throws Exception {
    RelayOptions options =
        RelayOptions.of("relay-" + IdSource.system().text(), Peers.TIME, observer).withIdle(SHORT);
    try (OutboxRelay relay = OutboxRelay.start(outbox, name -> Optional.of(queue), options)) {
      relay.wake();
      Eventually.holds("the relay", Peers.PATIENCE, () -> outbox.backlog(Peers.soon()) == 0);
    }
  }

  MessageQueue queue() {
    return queue;
  }
}
