package dev.ashlar.messaging.jdbc;

import dev.ashlar.messaging.testkit.BusinessDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Business rows and rows to lock, beside the tables under test. */
final class BusinessTables implements BusinessDatabase<Connection> {

  private final TestDatabase database;
  private final Set<String> keys = ConcurrentHashMap.newKeySet();

  BusinessTables(TestDatabase database) throws SQLException {
    this.database = database;
    database.change("CREATE TABLE IF NOT EXISTS test_effect (name VARCHAR(100) NOT NULL)");
    database.change("CREATE TABLE IF NOT EXISTS test_lock (name VARCHAR(100) PRIMARY KEY)");
    database.change("DELETE FROM test_lock");
  }

  @Override
  public Connection begin() throws SQLException {
    Connection tx = database.source().getConnection();
    tx.setAutoCommit(false);
    return tx;
  }

  @Override
  public void commit(Connection tx) throws SQLException {
    tx.commit();
    tx.close();
  }

  @Override
  public void rollback(Connection tx) throws SQLException {
    tx.rollback();
    tx.close();
  }

  @Override
  public void crash(Connection tx) throws SQLException {
    database.source().cut(tx);
  }

  @Override
  public void effect(Connection tx, String name) throws SQLException {
    try (PreparedStatement statement =
        tx.prepareStatement("INSERT INTO test_effect (name) VALUES (?)")) {
      statement.setString(1, name);
      statement.executeUpdate();
    }
  }

  @Override
  public int effects(String name) throws SQLException {
    return (int) database.number("SELECT COUNT(*) FROM test_effect WHERE name = ?", name);
  }

  @Override
  public void lock(Connection tx, String key) throws SQLException {
    if (keys.add(key)) {
      database.change("INSERT INTO test_lock (name) VALUES (?)", key);
    }
    try (PreparedStatement statement =
        tx.prepareStatement("SELECT name FROM test_lock WHERE name = ? FOR UPDATE")) {
      statement.setString(1, key);
      statement.executeQuery().close();
    }
  }
}
