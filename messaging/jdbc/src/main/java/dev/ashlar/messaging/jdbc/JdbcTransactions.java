package dev.ashlar.messaging.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Runs work in a transaction, and says what a failure did.
 *
 * <p>The transaction is handed to the work as a {@link Connection} and from there to an inbox, an
 * outbox and the application's own statements; nothing is bound to the thread. Whoever has
 * transactions already, such as a framework's, passes their connection instead and needs none of
 * this.
 *
 * <p><b>Guarantees.</b> All that the work wrote is committed or none of it is. If the work throws,
 * it is rolled back. The connection is closed in any case.
 *
 * <p><b>Failures.</b> What the work throws, after the rollback. A {@link SQLException} becomes a
 * {@link BackendException}: with {@link Effect#NONE} before the commit was sent, with {@link
 * Effect#UNKNOWN} if the commit itself failed and the database did not say that it refused.
 *
 * <p><b>Threads.</b> Immutable, and safe if the data source is.
 *
 * <p><b>Limits.</b> Read committed. A statement may take 30 s, unless told otherwise, and so may a
 * pause between two statements on PostgreSQL: a client that hangs must not hold locks for ever. On
 * H2 what a statement can wait for is a lock, for the connection's {@code LOCK_TIMEOUT}.
 *
 * <pre>{@code
 * JdbcTransactions transactions = JdbcTransactions.of(source);
 * transactions.run(tx -> inbox.once(tx, message, () -> charge(tx, order)));
 * }</pre>
 */
public final class JdbcTransactions {

  private static final Duration STATEMENT_MAX = Duration.ofSeconds(30);

  private final DataSource source;
  private final Duration statementMax;

  private JdbcTransactions(DataSource source, Duration statementMax) {
    this.source = requireNonNull(source, "source");
    this.statementMax = statementMax;
  }

  /** Returns transactions on connections of a data source, most often a pool. */
  public static JdbcTransactions of(DataSource source) {
    return new JdbcTransactions(source, STATEMENT_MAX);
  }

  /** Returns these transactions with another bound on one statement, 1 ms to a day. */
  public JdbcTransactions withStatementMax(Duration changed) {
    if (changed.compareTo(Duration.ofMillis(1)) < 0 || changed.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "statementMax: " + changed + " (expected: PT0.001S to PT24H)");
    }
    return new JdbcTransactions(source, changed);
  }

  /** Runs work and commits. */
  public <R, X extends Exception> R call(Work<R, X> work) throws X {
    return call(statementMax, work);
  }

  /**
   * Runs work and commits, unless the deadline is over before it begins; it bounds each statement.
   */
  public <R, X extends Exception> R call(Deadline deadline, Work<R, X> work) throws X {
    Duration left = deadline.remaining();
    if (left.isZero()) {
      throw new BackendException(
          "transaction: deadline is over", Effect.NONE, new Advice.Transient(), null);
    }
    return call(left.compareTo(statementMax) < 0 ? left : statementMax, work);
  }

  /** Runs work without a result and commits. */
  public <X extends Exception> void run(Action<X> action) throws X {
    call(statementMax, valueless(action));
  }

  /** Runs work without a result and commits, unless the deadline is over before it begins. */
  public <X extends Exception> void run(Deadline deadline, Action<X> action) throws X {
    call(deadline, valueless(action));
  }

  private static <X extends Exception> Work<Boolean, X> valueless(Action<X> action) {
    return tx -> {
      action.run(tx);
      return true;
    };
  }

  private <R, X extends Exception> R call(Duration longest, Work<R, X> work) throws X {
    Connection connection = open(longest);
    try {
      R result;
      try {
        result = work.run(connection);
      } catch (SQLException e) {
        // The work may throw this as its own X as well; it means the same.
        Database.rollBack(connection, e);
        throw SqlFailure.beforeCommit("transaction", e);
      } catch (Throwable t) {
        Database.rollBack(connection, t);
        throw t;
      }
      Database.commit("transaction: commit", connection);
      return result;
    } finally {
      giveBack(connection);
    }
  }

  private Connection open(Duration longest) {
    try {
      Connection connection = source.getConnection();
      try {
        begin(connection, longest);
        return connection;
      } catch (SQLException | RuntimeException e) {
        Database.closeQuietly(connection);
        throw e;
      }
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit("transaction: no connection", e);
    }
  }

  /** On PostgreSQL all settings travel in one exchange, and end with the transaction. */
  private static void begin(Connection connection, Duration longest) throws SQLException {
    connection.setAutoCommit(false);
    if (Dialect.of(connection) == Dialect.POSTGRESQL) {
      int millis = Session.millis(longest);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = "
                + millis
                + "; SET LOCAL idle_in_transaction_session_timeout = "
                + millis);
      }
    } else if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  /** Pools hand connections out as they came back, so this one comes back as most expect it. */
  private static void giveBack(Connection connection) {
    try {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      // What was committed stays committed; a broken connection is the pool's to throw away.
    }
    Database.closeQuietly(connection);
  }

  /**
   * What a transaction does.
   *
   * @param <R> the result
   * @param <X> how it fails
   */
  @FunctionalInterface
  public interface Work<R, X extends Exception> {

    /**
     * Reads and writes.
     *
     * @param tx the transaction; the work neither commits nor closes it
     */
    R run(Connection tx) throws SQLException, X;
  }

  /**
   * What a transaction does that has no result.
   *
   * @param <X> how it fails
   */
  @FunctionalInterface
  public interface Action<X extends Exception> {

    /**
     * Reads and writes.
     *
     * @param tx the transaction; the work neither commits nor closes it
     */
    void run(Connection tx) throws SQLException, X;
  }
}
