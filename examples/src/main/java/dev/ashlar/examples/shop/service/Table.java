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
 */
public record Table(String ddl, Effect effect) {

  /** Creates the table and its index, if they are not there. */
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(ddl);
    }
  }

  /** What a service does for an order, as changes of its own database. */
  @FunctionalInterface
  public interface Effect {

    /**
     * Writes.
     *
     * @return {@code false} if the service sees by its own data that it has done this before, and
     *     nothing was written
     */
    boolean write(Connection tx, Order order) throws SQLException;
  }
}
