package dev.ashlar.leases.jdbc;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/*
 * Every statement of this module commits by itself, in a connection that is borrowed for it. A process
 * that is paused between two of them has nothing locked; one that is paused while a statement is under
 * way has locked what the server finishes without it. The one exception is a write under a claim,
 * which is a transaction because its check is to hold until its commit.
 *
 * What bounds a wait
 * ------------------
 *
 *   wait for          PostgreSQL                 MariaDB                    H2
 *   a lock, the CPU   the watchdog, which        max_statement_time,        LOCK_TIMEOUT, set for
 *                     cancels through a second   sent with the statement    this operation alone
 *                     connection
 *   a dead network    the watchdog, which cuts   the connection's network   nothing waits: the
 *                     the connection two         timeout, two seconds       engine is in this process,
 *                     seconds later              later                      or set it in the URL
 *   a connection      the pool's own timeout, for all three
 *
 * None of this costs a round trip, but for LOCK_TIMEOUT where H2 is a server: two.
 *
 * The operation is refused before anything is asked of anybody once its deadline is over.
 */

/**
 * A data source, as this module uses it: a connection for the length of one operation, each
 * statement a transaction, bounded by a deadline, and failures that say what they did.
 *
 * <p><b>Threads.</b> Safe if the data source is.
 */
final class Database {

  /** How long after a deadline an answer may still be on its way. */
  static final Duration NETWORK_GRACE = Duration.ofSeconds(2);

  private final DataSource source;
  private final Dialect dialect;
  private final boolean durable;
  private final int lockTimeoutMillis;
  private final Watchdog watchdog = new Watchdog();

  private Database(DataSource source, Dialect dialect, boolean durable, int lockTimeoutMillis) {
    this.source = source;
    this.dialect = dialect;
    this.durable = durable;
    this.lockTimeoutMillis = lockTimeoutMillis;
  }

  /** Asks the database what it is. */
  static Database of(DataSource source) {
    try (Connection connection = source.getConnection()) {
      Dialect dialect = Dialect.of(connection);
      return dialect == Dialect.H2
          ? new Database(source, dialect, isDurableH2(connection), lockTimeoutOfH2(connection))
          : new Database(source, dialect, true, 0);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit("asking what the database is", e);
    }
  }

  /**
   * An H2 server outlives its clients. Embedded, its file has what was written at each commit with
   * {@code WRITE_DELAY=0}, some time later otherwise, and never in memory.
   */
  private static boolean isDurableH2(Connection connection) throws SQLException {
    String url = String.valueOf(connection.getMetaData().getURL());
    if (url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:")) {
      return true;
    }
    String delay =
        text(
            connection,
            "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                + " WHERE SETTING_NAME = 'WRITE_DELAY'");
    return !text(connection, "SELECT DATABASE_PATH()").isEmpty() && delay.equals("0");
  }

  private static int lockTimeoutOfH2(Connection connection) throws SQLException {
    return Integer.parseInt(text(connection, "SELECT LOCK_TIMEOUT()"));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      String value = rows.next() ? rows.getString(1) : null;
      return value == null ? "" : value;
    }
  }

  Dialect dialect() {
    return dialect;
  }

  /** Returns whether what is committed survives the death of every process that uses it. */
  boolean isDurable() {
    return durable;
  }

  /** Runs statements that each commit by themselves, unless the work begins a transaction. */
  <R> R run(String what, Deadline deadline, Work<R> work) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (deadline.hasExpired()) {
      throw new BackendException(
          what + ": deadline is over", Effect.NONE, new Advice.Transient(), null);
    }
    try (Lent lent = borrow(what, deadline)) {
      try {
        return work.run(lent);
      } catch (SQLException e) {
        throw lent.failure(what, e);
      }
    }
  }

  private Lent borrow(String what, Deadline deadline) {
    try {
      return new Lent(source.getConnection(), deadline);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what + ": no connection", e);
    }
  }

  /** Statements, and nothing else that throws something checked. */
  @FunctionalInterface
  interface Work<R> {
    R run(Lent lent) throws SQLException;
  }

  /**
   * A connection with its settings as this module needs them, and as they were once it is closed.
   */
  final class Lent implements AutoCloseable {
    private final Connection connection;
    private final Deadline deadline;
    private final boolean autoCommitBefore;
    private final int networkTimeoutBefore;
    private final Optional<Watchdog.Watched> watched;
    private boolean commitsEach = true;
    private boolean open;
    private boolean committing;

    Lent(Connection connection, Deadline deadline) throws SQLException {
      this.connection = connection;
      this.deadline = deadline;
      try {
        autoCommitBefore = connection.getAutoCommit();
        if (!autoCommitBefore) {
          connection.setAutoCommit(true);
        }
        networkTimeoutBefore = dialect == Dialect.MARIADB ? connection.getNetworkTimeout() : 0;
        if (dialect == Dialect.MARIADB) {
          Duration longest = deadline.remaining().plus(NETWORK_GRACE);
          connection.setNetworkTimeout(Runnable::run, millis(longest));
        } else if (dialect == Dialect.H2) {
          setLockTimeout(millis(deadline.remaining()));
        }
        watched =
            dialect == Dialect.POSTGRESQL
                ? Optional.of(watchdog.watch(connection, deadline))
                : Optional.empty();
      } catch (SQLException e) {
        closeQuietly(connection);
        throw e;
      }
    }

    /**
     * Begins a transaction; unless {@link #commit} is called it ends without a trace.
     *
     * @return the connection, for those who are to take part in it
     */
    Connection begin() throws SQLException {
      connection.setAutoCommit(false);
      commitsEach = false;
      open = true;
      return connection;
    }

    /** Commits the transaction, if one was begun; nothing is asked after it. */
    void commit() throws SQLException {
      if (open) {
        committing = true;
        connection.commit();
        open = false;
      }
    }

    /**
     * Ends the transaction, if one was begun, without a trace; then each statement commits again.
     */
    void rollback() throws SQLException {
      if (open) {
        connection.rollback();
        open = false;
        connection.setAutoCommit(true);
        commitsEach = true;
      }
    }

    /** What is not committed has no effect; of a commit, and of what commits by itself, ask. */
    BackendException failure(String what, SQLException e) {
      return open && !committing
          ? SqlFailure.beforeCommit(what, e)
          : SqlFailure.ofStatement(what, e);
    }

    /** Returns a statement that ends soon after the deadline. */
    PreparedStatement prepare(String sql) throws SQLException {
      return prepare(sql, Statement.NO_GENERATED_KEYS);
    }

    /** Returns one that answers with what {@link Statement} calls generated keys, or not. */
    PreparedStatement prepare(String sql, int keys) throws SQLException {
      if (dialect == Dialect.MARIADB) {
        return connection.prepareStatement(settings() + sql, keys);
      }
      PreparedStatement statement = connection.prepareStatement(sql);
      watched.ifPresent(one -> one.runs(statement));
      return statement;
    }

    /**
     * For one statement, and on its way: the driver's own prefix would not bound a statement with
     * another prefix. A list of a thousand becomes no table that is joined, whose rows would be
     * locked in other ways. Tenths of a second, so that few texts differ.
     */
    private String settings() {
      long tenths = (millis(deadline.remaining()) + 99L) / 100;
      return "SET STATEMENT max_statement_time = "
          + BigDecimal.valueOf(tenths, 1)
          + ", time_zone = '+00:00', in_predicate_conversion_threshold = 0 FOR ";
    }

    Array texts(Stream<String> values) throws SQLException {
      return connection.createArrayOf("VARCHAR", values.toArray());
    }

    Array numbers(Stream<Long> values) throws SQLException {
      return connection.createArrayOf("BIGINT", values.toArray());
    }

    private void setLockTimeout(int millis) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement("SET LOCK_TIMEOUT ?")) {
        statement.setInt(1, millis);
        statement.execute();
      }
    }

    /**
     * A connection that does not take its settings back is broken, and whoever lent it will notice.
     * One that does not roll back is cut, because its next user would commit what is left in it.
     */
    @Override
    public void close() {
      try {
        if (!connection.isClosed()) {
          if (open) {
            connection.rollback();
            open = false;
          }
          restore();
        }
      } catch (SQLException e) {
        // The result of the operation stands, whatever becomes of the connection.
        if (open) {
          abortQuietly(connection);
        }
      }
      if (!watched.map(Watchdog.Watched::end).orElse(true)) {
        abortQuietly(connection);
        failOnce();
      }
      closeQuietly(connection);
    }

    /** A pool does not look at what it is given back, but at what fails. */
    private void failOnce() {
      try {
        connection.createStatement().close();
      } catch (SQLException e) {
        // So the pool has seen it.
      }
    }

    private void restore() throws SQLException {
      if (commitsEach != autoCommitBefore) {
        // While the network's timeout is still short: for MariaDB's driver this is a round trip.
        connection.setAutoCommit(autoCommitBefore);
      }
      if (dialect == Dialect.MARIADB) {
        connection.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
      } else if (dialect == Dialect.H2) {
        setLockTimeout(lockTimeoutMillis);
      }
    }
  }

  static void abortQuietly(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is as broken as it can be.
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing depends on it: what was to be committed has been.
    }
  }

  /** Returns whole seconds, rounded up, at least one: JDBC takes zero for "for ever". */
  static int seconds(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, duration.plusMillis(999).toSeconds()));
  }

  /** Returns whole milliseconds, rounded up, at least one. */
  static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, duration.plusNanos(999_999).toMillis()));
  }

  /** Returns whole microseconds, rounded up, so that nothing ends too early. */
  static long micros(Duration duration) {
    return (duration.toNanos() + 999) / 1000;
  }
}
