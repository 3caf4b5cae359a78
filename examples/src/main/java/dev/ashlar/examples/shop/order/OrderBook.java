package dev.ashlar.examples.shop.order;

import dev.ashlar.core.Bytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * All orders that were placed, in their own database: what the shop owes its customers.
 *
 * <p><b>Threads.</b> Safe; failures are {@link IllegalStateException}, since without the book there
 * is nothing to run.
 */
public final class OrderBook {

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS placed (
        number BIGINT PRIMARY KEY, order_id VARCHAR(40) NOT NULL UNIQUE, items INTEGER NOT NULL,
        handed_over BOOLEAN NOT NULL, document VARBINARY(16384) NOT NULL)
      """;

  private final DataSource source;

  /** Opens the book, and makes it if it is not there. */
  public OrderBook(DataSource source) {
    this.source = source;
    run(
        connection -> {
          try (PreparedStatement create = connection.prepareStatement(TABLE)) {
            return create.execute();
          }
        });
  }

  /** Writes orders down, until {@link Writer#close()}. */
  public Writer writer() {
    try {
      return new Writer(source.getConnection());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Returns orders by their numbers. */
  public List<Placed> page(long afterNumber, int most) {
    return run(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT number, document FROM placed WHERE number > ? ORDER BY number LIMIT ?")) {
            select.setLong(1, afterNumber);
            select.setInt(2, most);
            return read(select);
          }
        });
  }

  private static List<Placed> read(PreparedStatement select) throws SQLException {
    List<Placed> page = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        Order order = OrderForm.codec().decode(Bytes.owning(rows.getBytes(2)));
        page.add(new Placed(rows.getLong(1), order));
      }
    }
    return page;
  }

  /** Notes that the shop has said that it has these orders. */
  public void noteHandedOver(List<Long> numbers) {
    run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE placed SET handed_over = TRUE WHERE number = ANY(?)")) {
            update.setArray(1, connection.createArrayOf("BIGINT", numbers.toArray()));
            return update.executeUpdate();
          }
        });
  }

  private <R> R run(Statements<R> statements) {
    try (Connection connection = source.getConnection()) {
      return statements.run(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(SQLException e) {
    return new IllegalStateException("book of orders: " + e.getMessage(), e);
  }

  /**
   * An order with its place in the book.
   *
   * @param number counts from 1
   * @param order what was ordered
   */
  public record Placed(long number, Order order) {}

  private interface Statements<R> {
    R run(Connection connection) throws SQLException;
  }

  /** Writes orders down in their order. <b>Threads.</b> One thread only. */
  public static final class Writer implements AutoCloseable {

    private static final int COMMIT_EVERY = 1_000;
    private static final String DUPLICATE_KEY = "23505";

    private final Connection connection;
    private final PreparedStatement insert;
    private long count;

    Writer(Connection connection) throws SQLException {
      this.connection = connection;
      connection.setAutoCommit(false);
      insert =
          connection.prepareStatement(
              "INSERT INTO placed (number, order_id, items, handed_over, document)"
                  + " VALUES (?, ?, ?, FALSE, ?)");
    }

    /**
     * Writes an order down.
     *
     * @return {@code false} if there is one with this id already
     */
    public boolean add(Order order) {
      try {
        insert.setLong(1, count + 1);
        insert.setString(2, order.id());
        insert.setInt(3, order.items().size());
        insert.setBytes(4, OrderForm.codec().encode(order).toArray());
        insert.executeUpdate();
        count++;
        if (count % COMMIT_EVERY == 0) {
          connection.commit();
        }
        return true;
      } catch (SQLException e) {
        if (DUPLICATE_KEY.equals(e.getSQLState())) {
          return false;
        }
        throw failed(e);
      }
    }

    /** Returns how many orders were written. */
    public long count() {
      return count;
    }

    @Override
    public void close() {
      try {
        insert.close();
        connection.commit();
        connection.close();
      } catch (SQLException e) {
        throw failed(e);
      }
    }
  }
}
