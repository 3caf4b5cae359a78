package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.Guarantees.Survival;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A data source, as this module's own operations use it: a connection for the length of one
 * operation, bounded by a deadline, and failures that say what they did.
 *
 * <p><b>Threads.</b> Safe if the data source is.
 */
final class Database {

  /*
   * What bounds a wait
   * ------------------
   *
   *   wait for          PostgreSQL                            H2
   *   a lock, the CPU   the statement's query timeout,        LOCK_TIMEOUT: the connection's own (two
   *                     whole seconds: the driver cancels     seconds by default), or, where the deadline
   *                     through a second connection           is nearer, set for this operation alone
   *   a dead network    the connection's network timeout,     nothing waits: the engine is in this
   *                     two seconds later                     process, or set it in the URL of a server
   *   a connection      the pool's own timeout                the pool's own timeout
   *
   * The operation is refused before anything is asked of anybody once its deadline is over.
   */

  private static final Duration NETWORK_GRACE = Duration.ofSeconds(2);

  private final DataSource source;
  private final Dialect dialect;
  private final String url;
  private final Survival survival;
  private final int lockTimeoutMillis;

  private Database(
      DataSource source, Dialect dialect, String url, Survival survival, int lockTimeoutMillis) {
    this.source = source;
    this.dialect = dialect;
    this.url = url;
    this.survival = survival;
    this.lockTimeoutMillis = lockTimeoutMillis;
  }

  /** Asks the database what it is. */
  static Database of(DataSource source) {
    try (Connection connection = source.getConnection()) {
      Dialect dialect = Dialect.of(connection);
      String url = String.valueOf(connection.getMetaData().getURL());
      return dialect == Dialect.H2
          ? new Database(
              source, dialect, url, survivalOfH2(connection, url), lockTimeoutOfH2(connection))
          : new Database(source, dialect, url, Survival.PROCESS_DEATH, 0);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit("asking what the database is", e);
    }
  }

  /**
   * An H2 server outlives its clients. Embedded, it dies with the process, and its file has what
   * was written: at each commit with {@code WRITE_DELAY=0}, some time later otherwise.
   */
  private static Survival survivalOfH2(Connection connection, String url) throws SQLException {
    if (url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:")) {
      return Survival.PROCESS_DEATH;
    }
    boolean inFile = !text(connection, "SELECT DATABASE_PATH()").isEmpty();
    String delay =
        text(
            connection,
            "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                + " WHERE SETTING_NAME = 'WRITE_DELAY'");
    return inFile && delay.equals("0") ? Survival.PROCESS_DEATH : Survival.PROCESS_LIFETIME;
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

  /** Returns what names the database within this process. */
  String url() {
    return url;
  }

  /** Returns what a committed row survives. */
  Survival survival() {
    return survival;
  }

  /** Runs one statement that commits by itself. */
  <R> R statement(String what, Deadline deadline, Work<R> work) throws InterruptedException {
    try (Lent lent = borrow(what, deadline, true)) {
      try {
        return work.run(lent.session);
      } catch (SQLException e) {
        throw SqlFailure.ofStatement(what, e);
      }
    }
  }

  /** Runs statements in one transaction. */
  <R> R transaction(String what, Deadline deadline, Work<R> work) throws InterruptedException {
    try (Lent lent = borrow(what, deadline, false)) {
      Connection connection = lent.session.connection();
      R result;
      try {
        result = work.run(lent.session);
      } catch (Throwable t) {
        rollBack(connection, t);
        throw t instanceof SQLException e ? SqlFailure.beforeCommit(what, e) : rethrown(t);
      }
      commit(what, connection);
      return result;
    }
  }

  /** Commits, or says whether it may have happened. */
  static void commit(String what, Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      rollBack(connection, e);
      throw SqlFailure.atCommit(what, e);
    }
  }

  /**
   * A connection that cannot roll back is closed at once, which does it too: going back to
   * automatic commits would commit what is left.
   */
  static void rollBack(Connection connection, Throwable because) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      because.addSuppressed(e);
      closeQuietly(connection);
    }
  }

  /** Work throws nothing checked but {@link SQLException}, so what remains is unchecked. */
  private static RuntimeException rethrown(Throwable t) {
    if (t instanceof Error error) {
      throw error;
    }
    return (RuntimeException) t;
  }

  private Lent borrow(String what, Deadline deadline, boolean autoCommit)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (deadline.hasExpired()) {
      throw new BackendException(
          what + ": deadline is over", Effect.NONE, new Advice.Transient(), null);
    }
    try {
      return new Lent(source.getConnection(), deadline, autoCommit);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what + ": no connection", e);
    }
  }

  /** Statements, and nothing else that throws something checked. */
  @FunctionalInterface
  interface Work<R> {
    R run(Session session) throws SQLException;
  }

  /**
   * A connection with its settings as this module needs them, and as they were once it is closed.
   */
  private final class Lent implements AutoCloseable {
    final Session session;
    private final boolean autoCommitBefore;
    private final int networkTimeoutBefore;
    private final boolean lockTimeoutChanged;

    Lent(Connection connection, Deadline deadline, boolean autoCommit) throws SQLException {
      session = new Session(connection, dialect, deadline);
      try {
        autoCommitBefore = connection.getAutoCommit();
        if (autoCommitBefore != autoCommit) {
          connection.setAutoCommit(autoCommit);
        }
        networkTimeoutBefore = dialect == Dialect.POSTGRESQL ? connection.getNetworkTimeout() : 0;
        if (dialect == Dialect.POSTGRESQL) {
          Duration longest = deadline.remaining().plus(NETWORK_GRACE);
          connection.setNetworkTimeout(Runnable::run, Session.millis(longest));
        }
        int leftMillis = Session.millis(deadline.remaining());
        lockTimeoutChanged = dialect == Dialect.H2 && leftMillis < lockTimeoutMillis;
        if (lockTimeoutChanged) {
          setLockTimeout(leftMillis);
        }
      } catch (SQLException e) {
        closeQuietly(connection);
        throw e;
      }
    }

    private void setLockTimeout(int millis) throws SQLException {
      try (PreparedStatement statement =
          session.connection().prepareStatement("SET LOCK_TIMEOUT ?")) {
        statement.setInt(1, millis);
        statement.execute();
      }
    }

    /**
     * A connection that does not take its settings back is broken, and whoever lent it will notice.
     */
    @Override
    public void close() {
      Connection connection = session.connection();
      try {
        if (!connection.isClosed()) {
          restore(connection);
        }
      } catch (SQLException e) {
        // The result of the operation stands, whatever becomes of the connection.
      }
      closeQuietly(connection);
    }

    private void restore(Connection connection) throws SQLException {
      if (lockTimeoutChanged) {
        setLockTimeout(lockTimeoutMillis);
      }
      if (dialect == Dialect.POSTGRESQL) {
        connection.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
      }
      if (connection.getAutoCommit() != autoCommitBefore) {
        connection.setAutoCommit(autoCommitBefore);
      }
    }
  }

  /** What was committed stays so, and what was not is rolled back by the closing itself. */
  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing depends on it.
    }
  }
}
