package dev.ashlar.examples.shop.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What one table says of each order, in the order of their ids.
 *
 * <p>Several cursors go through their tables side by side, so that no table need fit into memory.
 */
final class Cursor implements AutoCloseable {

  private final Statement statement;
  private final ResultSet rows;
  private boolean ended;
  private String key = "";

  /**
   * Goes to the first row.
   *
   * @param sql gives ids of orders, rising and each once, and up to two numbers with each
   */
  Cursor(Connection connection, String sql) throws SQLException {
    statement = connection.createStatement();
    rows = statement.executeQuery(sql);
    advance();
  }

  private void advance() throws SQLException {
    ended = !rows.next();
    key = ended ? "" : rows.getString(1);
  }

  boolean hasEnded() {
    return ended;
  }

  /** Returns the id that the next row is about. */
  String key() {
    return key;
  }

  /** Returns what the table says of an order, the lowest not yet asked for, and goes on. */
  Found take(String orderId) throws SQLException {
    if (ended || !key.equals(orderId)) {
      return new Found(0, 0);
    }
    Found found = new Found(rows.getLong(2), rows.getLong(3));
    advance();
    return found;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }

  /** How many rows there are, and how many different ones. */
  record Found(long rows, long different) {}
}
