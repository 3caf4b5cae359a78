package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxStore;
import dev.ashlar.messaging.testkit.BusinessDatabase;
import dev.ashlar.messaging.testkit.InboxContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/** The contract of inboxes, on a database. */
abstract class JdbcInboxProperties extends InboxContract<Connection> {

  private final TestDatabase database;
  private final BusinessTables business;

  JdbcInboxProperties(TestDatabase database) throws SQLException {
    this.database = database;
    this.business = new BusinessTables(database);
  }

  @BeforeEach
  void emptyTheOutbox() throws SQLException {
    database.change("DELETE FROM ashlar_outbox");
    database.change("DELETE FROM ashlar_outbox_turn");
  }

  final TestDatabase testDatabase() {
    return database;
  }

  @Override
  protected BusinessDatabase<Connection> database() {
    return business;
  }

  @Override
  protected Inbox<Connection> inbox(InboxOptions options) {
    return JdbcInbox.of(database.source(), options, Observer.none());
  }

  @Override
  protected Outbox<Connection> outbox() {
    return jdbcOutbox();
  }

  @Override
  protected OutboxStore outboxStore() {
    return jdbcOutbox();
  }

  private JdbcOutbox jdbcOutbox() {
    return JdbcOutbox.of(
        database.source(),
        "inbox-contract",
        JdbcOutboxOptions.defaults(),
        TimeSource.system(),
        Observer.none());
  }

  @Override
  protected void age(Duration by) throws SQLException {
    database.age("ashlar_inbox", "recorded_at", by);
  }
}
