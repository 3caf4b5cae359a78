package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxStore;
import dev.ashlar.messaging.testkit.BusinessDatabase;
import dev.ashlar.messaging.testkit.OutboxContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The contract of outboxes, on a database. */
abstract class JdbcOutboxProperties extends OutboxContract<Connection> {

  private static final String NAME = "outbox-contract";

  private final TestDatabase database;
  private final BusinessTables business;
  private final LendingSource stores;

  JdbcOutboxProperties(TestDatabase database) throws SQLException {
    this.database = database;
    this.business = new BusinessTables(database);
    this.stores = new LendingSource(database.direct());
  }

  @BeforeEach
  void emptyTheOutbox() throws SQLException {
    database.change("DELETE FROM ashlar_outbox");
    database.change("DELETE FROM ashlar_outbox_turn");
  }

  final TestDatabase testDatabase() {
    return database;
  }

  /** Returns where stores have their connections from. */
  final LendingSource storeSource() {
    return stores;
  }

  @Override
  protected BusinessDatabase<Connection> database() {
    return business;
  }

  @Override
  protected Outbox<Connection> outbox(int backlogMax, Observer observer) {
    return JdbcOutbox.of(
        database.source(),
        NAME,
        JdbcOutboxOptions.defaults().withBacklogMax(backlogMax),
        TimeSource.system(),
        observer);
  }

  @Override
  protected OutboxStore store() {
    return JdbcOutbox.of(
        stores,
        NAME,
        JdbcOutboxOptions.defaults().withRetention(retention()),
        TimeSource.system(),
        Observer.none());
  }

  @Override
  protected Duration retention() {
    return Duration.ofHours(1);
  }

  @Override
  protected void age(Duration by) throws SQLException {
    for (String column : List.of("created_at", "next_at", "first_try_at", "sent_at")) {
      database.age("ashlar_outbox", column, by);
    }
  }

  @Override
  protected void damage(MessageId id) throws SQLException {
    database.change(
        "UPDATE ashlar_outbox SET headers = 'no version' WHERE message_id = ?", id.value());
  }

  @Override
  protected int rows() throws SQLException {
    return (int) database.number("SELECT COUNT(*) FROM ashlar_outbox");
  }

  @Override
  protected int openTransactions() {
    return stores.lent();
  }
}
