package dev.ashlar.examples.shop.check;

import dev.ashlar.examples.shop.service.OrderMessages;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Counts anomalies from the databases that a run has left, opened for reading only.
 *
 * <p>It knows what each service writes for an order, and where messages can wait; nothing of how
 * the services came to write it.
 */
public final class Checker implements AutoCloseable {

  private static final String READ_ONLY =
      ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE;LAZY_QUERY_EXECUTION=1";
  private static final String IN_QUEUES =
      "SELECT message_id FROM ashlar_queue UNION ALL SELECT message_id FROM ashlar_queue_dead";
  private static final String IN_OUTBOX =
      "SELECT message_id FROM ashlar_outbox WHERE state <> 'sent'";

  private final Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Tally tally = new Tally();

  private Checker(Path folder) {
    this.folder = folder;
  }

  /**
   * Counts.
   *
   * @param folder has the files of all databases of a run, closed
   */
  public static Anomalies count(Path folder) {
    try (Checker checker = new Checker(folder)) {
      return checker.count();
    } catch (SQLException e) {
      throw new IllegalStateException("checking " + folder + ": " + e.getMessage(), e);
    }
  }

  private Anomalies count() throws SQLException {
    Set<String> waiting = new HashSet<>();
    addWaiting("broker", IN_QUEUES, waiting);
    addWaiting("orders", IN_OUTBOX, waiting);
    addWaiting("payment", IN_OUTBOX, waiting);
    Cursor placed =
        cursor(
            "placed",
            "SELECT order_id, items, CASE WHEN handed_over THEN 1 ELSE 0 END FROM placed"
                + " ORDER BY order_id");
    Cursor orders = counting("orders", "orders", "order_id");
    Cursor charges = counting("payment", "charges", "number");
    Cursor takings = counting("stock", "takings", "sku");
    Cursor likes = counting("recommendations", "likes", "sku");
    Cursor invoices = counting("invoices", "invoices", "number");
    Cursor points = counting("loyalty", "points", "number");
    Cursor settlements = counting("ledger", "settlements", "charge");
    List<Cursor> all =
        List.of(placed, orders, charges, takings, likes, invoices, points, settlements);
    for (Optional<String> id = lowest(all); id.isPresent(); id = lowest(all)) {
      String order = id.get();
      boolean wanted = !placed.hasEnded() && placed.key().equals(order);
      tally.add(
          wanted,
          waiting.contains(order),
          placed.take(order),
          new Tally.Effects(
              orders.take(order),
              charges.take(order),
              takings.take(order),
              likes.take(order),
              invoices.take(order),
              points.take(order),
              settlements.take(order)));
    }
    return tally.anomalies();
  }

  private static Optional<String> lowest(List<Cursor> cursors) {
    return cursors.stream()
        .filter(each -> !each.hasEnded())
        .map(Cursor::key)
        .min(String::compareTo);
  }

  /** Counts the rows of each order, and those that differ in a column. */
  private Cursor counting(String database, String table, String column) throws SQLException {
    return cursor(
        database,
        "SELECT order_id, COUNT(*), COUNT(DISTINCT "
            + column
            + ") FROM "
            + table
            + " GROUP BY order_id ORDER BY order_id");
  }

  private Cursor cursor(String database, String sql) throws SQLException {
    Cursor cursor = new Cursor(connect(database), sql);
    open.push(cursor);
    return cursor;
  }

  /** What can wait is bounded by the capacities of queues and outboxes, so it fits into memory. */
  private void addWaiting(String database, String sql, Set<String> waiting) throws SQLException {
    try (Statement statement = connect(database).createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        waiting.add(OrderMessages.orderId(rows.getString(1)));
      }
    }
  }

  private Connection connect(String database) throws SQLException {
    String url = "jdbc:h2:file:" + folder.resolve(database).toAbsolutePath() + READ_ONLY;
    Connection connection = DriverManager.getConnection(url, "shop", "");
    open.push(connection);
    return connection;
  }

  @Override
  public void close() throws SQLException {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (SQLException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("closing: " + e, e);
      }
    }
  }
}
