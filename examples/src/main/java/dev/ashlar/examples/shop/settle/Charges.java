package dev.ashlar.examples.shop.settle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The charges in payment's database, read by their numbers. */
record Charges(DataSource payment) {

  /** Returns charges by their numbers. */
  List<Charge> after(long number, int most) throws SQLException {
    List<Charge> found = new ArrayList<>();
    try (Connection connection = payment.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT number, order_id, amount_cents FROM charges WHERE number > ?"
                    + " ORDER BY number LIMIT ?")) {
      select.setLong(1, number);
      select.setInt(2, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new Charge(row.getLong(1), row.getString(2), row.getLong(3)));
        }
      }
    }
    return found;
  }
}
