package dev.ashlar.examples.shop.service;

import dev.ashlar.examples.shop.order.Item;
import dev.ashlar.examples.shop.order.Order;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What each service writes, the same under every strategy. */
final class Tables {

  /** An order has an id of its own, so its table has a natural key. */
  static final Table ORDERS =
      new Table(
          """
          CREATE TABLE IF NOT EXISTS orders (
            order_id VARCHAR(40) PRIMARY KEY, customer VARCHAR(40), amount_cents BIGINT)
          """,
          (tx, order) ->
              insert(
                  tx,
                  "INSERT INTO orders (order_id, customer, amount_cents) VALUES (?, ?, ?)",
                  order.id(),
                  order.customer(),
                  order.amountCents()),
          Tables::isAccepted);

  /** A charge is a fact of its own: an order can be charged in parts, or again after a refund. */
  static final Table CHARGES =
      new Table(
          """
          CREATE TABLE IF NOT EXISTS charges (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            order_id VARCHAR(40), customer VARCHAR(40), amount_cents BIGINT);
          CREATE INDEX IF NOT EXISTS charges_order ON charges (order_id)
          """,
          (tx, order) ->
              insert(
                  tx,
                  "INSERT INTO charges (order_id, customer, amount_cents) VALUES (?, ?, ?)",
                  order.id(),
                  order.customer(),
                  order.amountCents()),
          Tables::unknown);

  /** The sum of all takings is what is missing on the shelf. */
  static final Table TAKINGS =
      new Table(
          """
          CREATE TABLE IF NOT EXISTS takings (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            order_id VARCHAR(40), sku VARCHAR(40), quantity INTEGER);
          CREATE INDEX IF NOT EXISTS takings_order ON takings (order_id)
          """,
          Tables::take,
          Tables::unknown);

  static final Table INVOICES =
      new Table(
          """
          CREATE TABLE IF NOT EXISTS invoices (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            order_id VARCHAR(40), customer VARCHAR(40), amount_cents BIGINT);
          CREATE INDEX IF NOT EXISTS invoices_order ON invoices (order_id)
          """,
          (tx, order) ->
              insert(
                  tx,
                  "INSERT INTO invoices (order_id, customer, amount_cents) VALUES (?, ?, ?)",
                  order.id(),
                  order.customer(),
                  order.amountCents()),
          Tables::unknown);

  static final Table POINTS =
      new Table(
          """
          CREATE TABLE IF NOT EXISTS points (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            order_id VARCHAR(40), customer VARCHAR(40), points BIGINT);
          CREATE INDEX IF NOT EXISTS points_order ON points (order_id)
          """,
          (tx, order) ->
              insert(
                  tx,
                  "INSERT INTO points (order_id, customer, points) VALUES (?, ?, ?)",
                  order.id(),
                  order.customer(),
                  order.amountCents() / 100),
          Tables::unknown);

  static final Table LIKES =
      new Table(
          """
          CREATE TABLE IF NOT EXISTS likes (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            order_id VARCHAR(40), customer VARCHAR(40), sku VARCHAR(40));
          CREATE INDEX IF NOT EXISTS likes_order ON likes (order_id)
          """,
          Tables::like,
          Tables::unknown);

  private Tables() {}

  private static boolean isAccepted(Connection tx, Order order) throws SQLException {
    try (PreparedStatement known = tx.prepareStatement("SELECT 1 FROM orders WHERE order_id = ?")) {
      known.setString(1, order.id());
      try (ResultSet row = known.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Rows with numbers of their own do not tell a second delivery from a second order. */
  private static boolean unknown(Connection tx, Order order) {
    return false;
  }

  private static void take(Connection tx, Order order) throws SQLException {
    for (Item item : order.items()) {
      insert(
          tx,
          "INSERT INTO takings (order_id, sku, quantity) VALUES (?, ?, ?)",
          order.id(),
          item.sku(),
          item.quantity());
    }
  }

  private static void like(Connection tx, Order order) throws SQLException {
    for (Item item : order.items()) {
      insert(
          tx,
          "INSERT INTO likes (order_id, customer, sku) VALUES (?, ?, ?)",
          order.id(),
          order.customer(),
          item.sku());
    }
  }

  private static void insert(Connection tx, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
