package dev.ashlar.messaging.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** The databases whose SQL this module speaks. */
public enum Dialect {
  /** H2, embedded or as a server. */
  H2("CURRENT_TIMESTAMP", "DATEADD(MICROSECOND, ?, CURRENT_TIMESTAMP)"),
  /** PostgreSQL. */
  POSTGRESQL("statement_timestamp()", "(statement_timestamp() + ? * interval '1 microsecond')");

  private final String now;
  private final String afterMicros;

  Dialect(String now, String afterMicros) {
    this.now = now;
    this.afterMicros = afterMicros;
  }

  /** Neither driver asks the server for this; it was told on connecting. */
  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product.toLowerCase(Locale.ROOT)) {
      case "h2" -> H2;
      case "postgresql" -> POSTGRESQL;
      default ->
          throw new IllegalArgumentException(
              "database: " + product + " (expected: H2 or PostgreSQL)");
    };
  }

  /**
   * Returns SQL for this database.
   *
   * @param template with <code>{now}</code> for the moment of the statement, and <code>{after}
   *     </code> for as many microseconds later as a parameter says
   */
  String sql(String template) {
    return template.replace("{now}", now).replace("{after}", afterMicros);
  }

  /** Returns the SQL that suits this database. */
  String choose(String h2, String postgresql) {
    return sql(this == H2 ? h2 : postgresql);
  }
}
