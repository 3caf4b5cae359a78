package dev.ashlar.leases.jdbc;

import dev.ashlar.leases.testkit.GuardedData;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Numbers in a table beside the floors. */
final class Accounts implements GuardedData<Connection> {

  private final LendingSource source;

  /** Numbers in a table that is there. */
  Accounts(LendingSource source) {
    this.source = source;
  }

  Accounts(TestDatabase database) throws SQLException {
    this(database.source());
    database.change(
        "CREATE TABLE IF NOT EXISTS test_account"
            + " (name VARCHAR(100) PRIMARY KEY, amount BIGINT NOT NULL)");
  }

  @Override
  public Connection begin() throws SQLException {
    Connection tx = source.getConnection();
    tx.setAutoCommit(false);
    return tx;
  }

  @Override
  public void commit(Connection tx) throws SQLException {
    try {
      tx.commit();
    } finally {
      tx.close();
    }
  }

  @Override
  public void rollback(Connection tx) throws SQLException {
    try {
      tx.rollback();
    } finally {
      tx.close();
    }
  }

  @Override
  public void crash(Connection tx) throws SQLException {
    source.cut(tx);
  }

  @Override
  public long read(Connection tx, String name) throws SQLException {
    try (PreparedStatement statement =
        tx.prepareStatement("SELECT amount FROM test_account WHERE name = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  @Override
  public void write(Connection tx, String name, long value) throws SQLException {
    if (set(tx, "UPDATE test_account SET amount = ? WHERE name = ?", name, value) == 0) {
      set(tx, "INSERT INTO test_account (amount, name) VALUES (?, ?)", name, value);
    }
  }

  private static int set(Connection tx, String sql, String name, long value) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      statement.setLong(1, value);
      statement.setString(2, name);
      return statement.executeUpdate();
    }
  }
}
