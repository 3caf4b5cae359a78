package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A connection while this module uses it for one operation.
 *
 * @param connection the connection
 * @param dialect which SQL it speaks
 * @param deadline until when the operation is worth waiting for
 */
record Session(Connection connection, Dialect dialect, Deadline deadline) {

  /**
   * Returns a statement that ends soon after the deadline.
   *
   * <p>H2 has no bound for a single statement that its connection does not keep afterwards; what it
   * can wait for is a lock, and {@link Database} bounds that.
   */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    if (dialect == Dialect.POSTGRESQL) {
      statement.setQueryTimeout(seconds(deadline.remaining()));
    }
    return statement;
  }

  /** Returns whole seconds, rounded up, at least one: JDBC takes zero for "for ever". */
  static int seconds(Duration duration) {
    return (int) Math.max(1, duration.plusMillis(999).toSeconds());
  }

  /** Returns whole milliseconds, rounded up, at least one. */
  static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, duration.plusNanos(999_999).toMillis()));
  }

  /** Returns whole microseconds, rounded up, so that nothing is due too early. */
  static long micros(Duration duration) {
    return (duration.toNanos() + 999) / 1000;
  }
}
