package dev.ashlar.messaging.jdbc;

import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.outbox.Outbox;
import java.sql.Connection;
import javax.sql.DataSource;

/** An outbox that writes in a transaction of its own, whatever becomes of its caller's. */
final class OutsideTheTransaction implements Outbox<Connection> {

  private final DataSource source;
  private final Outbox<Connection> inner;

  OutsideTheTransaction(DataSource source, Outbox<Connection> inner) {
    this.source = source;
    this.inner = inner;
  }

  @Override
  public void add(Connection tx, String destination, Message message) {
    JdbcTransactions.of(source).run(own -> inner.add(own, destination, message));
  }
}
