package dev.ashlar.examples.shop.settle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** What was settled, in a database of its own. */
record Ledger(DataSource source) {

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS settlements (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        charge BIGINT, order_id VARCHAR(40), amount_cents BIGINT, settled_by VARCHAR(40));
      CREATE INDEX IF NOT EXISTS settlements_charge ON settlements (charge)
      """;

  /** Creates the table, if it is not there. */
  void create() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  /** Returns the last charge that was settled; zero if none was. */
  long settledTo() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COALESCE(MAX(charge), 0) FROM settlements")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Settles charges. */
  void settle(Connection tx, List<Charge> charges, String instance) throws SQLException {
    try (PreparedStatement insert =
        tx.prepareStatement(
            "INSERT INTO settlements (charge, order_id, amount_cents, settled_by)"
                + " VALUES (?, ?, ?, ?)")) {
      for (Charge charge : charges) {
        insert.setLong(1, charge.number());
        insert.setString(2, charge.orderId());
        insert.setLong(3, charge.amountCents());
        insert.setString(4, instance);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
