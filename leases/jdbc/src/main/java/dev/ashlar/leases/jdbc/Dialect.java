package dev.ashlar.leases.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/*
 * Whose clock, and when it is looked at
 * -------------------------------------
 * PostgreSQL and MariaDB look at the clock when a row was found free, not at the beginning of the
 * statement, which may have waited for the row. H2 knows the latter only, and so does PostgreSQL for
 * a row that it found as it was; it is earlier, so a grant ends no later than it should, and is taken
 * for over no earlier.
 *
 * MariaDB has one function for that moment, SYSDATE, and it answers in the time zone of the session.
 * Where that zone has an hour twice a year, no arithmetic brings it back to one line of time: not
 * UNIX_TIMESTAMP, not CONVERT_TZ, not a TIMESTAMP column, which converts by the same zone. So each
 * statement is carried out in UTC, by a prefix that costs no round trip and leaves the session as it
 * was, and what it writes is a DATETIME, which is never converted.
 */

/** The databases whose SQL this module speaks. */
enum Dialect {
  /** H2, embedded or as a server. */
  H2(
      "CURRENT_TIMESTAMP",
      "DATEADD(MICROSECOND, CAST(? AS BIGINT), CURRENT_TIMESTAMP)",
      "DATEDIFF(MICROSECOND, CURRENT_TIMESTAMP, expires_at)",
      "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'"),
  /** PostgreSQL. */
  POSTGRESQL(
      "clock_timestamp()",
      "(clock_timestamp() + ? * interval '1 microsecond')",
      "CAST(extract(epoch FROM expires_at - clock_timestamp()) * 1000000 AS BIGINT)",
      "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'"),
  /** MariaDB. */
  MARIADB(
      "SYSDATE(6)",
      "(SYSDATE(6) + INTERVAL ? MICROSECOND)",
      "TIMESTAMPDIFF(MICROSECOND, SYSDATE(6), expires_at)",
      "TIMESTAMP '1970-01-01 00:00:00'");

  private final String now;
  private final String afterMicros;
  private final String leftMicros;
  private final String longAgo;

  Dialect(String now, String afterMicros, String leftMicros, String longAgo) {
    this.now = now;
    this.afterMicros = afterMicros;
    this.leftMicros = leftMicros;
    this.longAgo = longAgo;
  }

  /** No driver asks the server for this; it was told on connecting. */
  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product.toLowerCase(Locale.ROOT)) {
      case "h2" -> H2;
      case "postgresql" -> POSTGRESQL;
      case "mariadb" -> MARIADB;
      default ->
          throw new IllegalArgumentException(
              "database: " + product + " (expected: H2, PostgreSQL or MariaDB)");
    };
  }

  /**
   * Returns SQL for this database.
   *
   * @param template with <code>{now}</code>, <code>{after}</code> for as many microseconds later as
   *     a parameter says, <code>{left}</code> for the microseconds until a row expires, and <code>
   *     {long ago}</code> for when a row expired that nobody has
   */
  String sql(String template) {
    return template
        .replace("{now}", now)
        .replace("{after}", afterMicros)
        .replace("{left}", leftMicros)
        .replace("{long ago}", longAgo);
  }
}
