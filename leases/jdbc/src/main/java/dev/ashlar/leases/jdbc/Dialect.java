package dev.ashlar.leases.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/**
 * The databases whose SQL this module speaks.
 *
 * <p>PostgreSQL's clock is that of the moment at which a row was found free, not of the beginning
 * of the statement, which may have waited for the row. H2 knows the latter only; it is earlier, so
 * a grant ends no later than it should, and is taken for over no earlier.
 */
enum Dialect {
  /** H2, embedded or as a server. */
  H2(
      "CURRENT_TIMESTAMP",
      "DATEADD(MICROSECOND, ?, CURRENT_TIMESTAMP)",
      "DATEDIFF(MICROSECOND, CURRENT_TIMESTAMP, expires_at)"),
  /** PostgreSQL. */
  POSTGRESQL(
      "clock_timestamp()",
      "(clock_timestamp() + ? * interval '1 microsecond')",
      "CAST(extract(epoch FROM expires_at - clock_timestamp()) * 1000000 AS BIGINT)");

  private final String now;
  private final String afterMicros;
  private final String leftMicros;

  Dialect(String now, String afterMicros, String leftMicros) {
    this.now = now;
    this.afterMicros = afterMicros;
    this.leftMicros = leftMicros;
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
   * @param template with <code>{now}</code>, <code>{after}</code> for as many microseconds later as
   *     a parameter says, and <code>{left}</code> for the microseconds until a row expires
   */
  String sql(String template) {
    return template
        .replace("{now}", now)
        .replace("{after}", afterMicros)
        .replace("{left}", leftMicros);
  }
}
