package dev.ashlar.examples.shop.service;

import dev.ashlar.examples.shop.order.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table in which a service writes what it has done.
 *
 * @param ddl creates it, if it is not there
 * @param effect writes for one order
 * @param known sees by the service's own data whether an order was written before
 */
public record Table(String ddl, Effect effect, Known known) {

  /** Creates the table and its index, if they are not there. */
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(ddl);
    }
  }

  /** What a service does for an order, as changes of its own database. */
  @FunctionalInterface
  public interface Effect {

    /** Writes. */
    void write(Connection tx, Order order) throws SQLException;
  }

  /** What a service can see of its own past. */
  @FunctionalInterface
  public interface Known {

    /** Returns whether this order was written before. */
    boolean test(Connection tx, Order order) throws SQLException;
  }
}
