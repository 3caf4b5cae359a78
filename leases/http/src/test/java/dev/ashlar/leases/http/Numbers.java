package dev.ashlar.leases.http;

import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The service's data: numbers in a database that is written at each commit. */
final class Numbers {

  private final JdbcDataSource source = new JdbcDataSource();

  Numbers(Path folder) throws SQLException {
    source.setURL("jdbc:h2:file:" + folder.resolve("numbers") + ";WRITE_DELAY=0");
    JdbcLeaseSchema.create(source);
    change("CREATE TABLE IF NOT EXISTS number (name VARCHAR(64) PRIMARY KEY, amount BIGINT)");
  }

  DataSource source() {
    return source;
  }

  void restart() throws SQLException {
    change("SHUTDOWN");
  }

  void forgetClaim(String resource) throws SQLException {
    change("DELETE FROM ashlar_fence_floor WHERE resource = '" + resource + "'");
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Connection begin() throws SQLException {
    Connection tx = source.getConnection();
    tx.setAutoCommit(false);
    return tx;
  }

  long read(String name) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT amount FROM number WHERE name = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  void write(Connection tx, String name, long amount) throws SQLException {
    try (PreparedStatement statement =
        tx.prepareStatement("MERGE INTO number (name, amount) KEY (name) VALUES (?, ?)")) {
      statement.setString(1, name);
      statement.setLong(2, amount);
      statement.executeUpdate();
    }
  }
}
