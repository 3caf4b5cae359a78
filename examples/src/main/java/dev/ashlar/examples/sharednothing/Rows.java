package dev.ashlar.examples.sharednothing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows of one partition, in one transaction of its owner. */
record Rows(Connection tx, String partition) {

  /** What is done with them. */
  interface Work<V> {
    V on(Rows rows) throws SQLException;
  }

  /** Whether a request was carried out before: whoever got no answer sends it again. */
  private boolean isDone(String request) throws SQLException {
    return count("SELECT COUNT(*) FROM done WHERE part = ? AND request = ?", request) > 0;
  }

  private boolean note(String request) throws SQLException {
    return change("INSERT INTO done (part, request) VALUES (?, ?)", request) == 1;
  }

  /** Opens a session, once, and tells whether it was this time. */
  boolean open(String session, String customer) throws SQLException {
    String insert = "INSERT INTO session (part, id, customer) VALUES (?, ?, ?)";
    return !isDone("open-" + session)
        && note("open-" + session)
        && change(insert, session, customer) == 1;
  }

  int add(String sku, String category) throws SQLException {
    return change(
        "INSERT INTO product (part, sku, category, stock) VALUES (?, ?, ?, 10)", sku, category);
  }

  int inCategory(String category) throws SQLException {
    return count("SELECT COUNT(*) FROM product WHERE part = ? AND category = ?", category);
  }

  int sessions(String prefix) throws SQLException {
    return count("SELECT COUNT(*) FROM session WHERE part = ? AND id LIKE ?", prefix + "%");
  }

  int stock(String sku) throws SQLException {
    return count("SELECT stock FROM product WHERE part = ? AND sku = ?", sku);
  }

  int inCart(String session) throws SQLException {
    return count("SELECT COUNT(*) FROM cart WHERE part = ? AND session = ?", session);
  }

  /** Takes one from the stock, if there is one; the same request takes no second one. */
  boolean take(String sku, String request) throws SQLException {
    if (isDone("take-" + request) || isDone("back-" + request)) {
      return !isDone("back-" + request);
    }
    String sql = "UPDATE product SET stock = stock - 1 WHERE part = ? AND sku = ? AND stock > 0";
    return change(sql, sku) == 1 && note("take-" + request);
  }

  /** Takes back what {@link #take} did, if it did; one that comes later does nothing. */
  boolean putBack(String sku, String request) throws SQLException {
    if (isDone("back-" + request)) {
      return true;
    }
    String sql = "UPDATE product SET stock = stock + 1 WHERE part = ? AND sku = ?";
    return (!isDone("take-" + request) || change(sql, sku) == 1) && note("back-" + request);
  }

  /** Whether {@link #put} will. */
  boolean canPut(String session) throws SQLException {
    return count("SELECT COUNT(*) FROM session WHERE part = ? AND id = ?", session) == 1;
  }

  /** Puts something into the cart of a session, if there is such a session. */
  boolean put(String session, String sku, String request) throws SQLException {
    if (!canPut(session) || isDone("put-" + request)) {
      return canPut(session);
    }
    String sql = "INSERT INTO cart (part, session, sku) VALUES (?, ?, ?)";
    return change(sql, session, sku) == 1 && note("put-" + request);
  }

  private int change(String sql, String... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values)) {
      return statement.executeUpdate();
    }
  }

  private int count(String sql, String... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private PreparedStatement prepared(String sql, String... values) throws SQLException {
    PreparedStatement statement = tx.prepareStatement(sql);
    statement.setString(1, partition);
    for (int i = 0; i < values.length; i++) {
      statement.setString(i + 2, values[i]);
    }
    return statement;
  }
}
