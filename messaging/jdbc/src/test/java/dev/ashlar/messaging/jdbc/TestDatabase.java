package dev.ashlar.messaging.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A database for tests, with the tables in it. */
final class TestDatabase {

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Dialect dialect;
  private final DataSource direct;
  private final LendingSource source;

  private TestDatabase(Dialect dialect, DataSource direct) {
    this.dialect = dialect;
    this.direct = direct;
    this.source = new LendingSource(direct);
    JdbcSchema.create(source);
  }

  /** Returns the H2 database of this JVM, in memory. */
  static TestDatabase h2() {
    return InMemory.DATABASE;
  }

  /** Returns a fresh H2 database in memory, with more settings in its URL. */
  static TestDatabase freshH2(String settings) {
    return h2("jdbc:h2:mem:fresh" + NAMES.incrementAndGet() + ";DB_CLOSE_DELAY=-1" + settings);
  }

  /** Returns the H2 database in a file, made if it is not there. */
  static TestDatabase h2In(Path folder, String settings) {
    return h2("jdbc:h2:file:" + folder.resolve("db") + settings);
  }

  private static TestDatabase h2(String url) {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL(url);
    return new TestDatabase(Dialect.H2, h2);
  }

  /** Returns the PostgreSQL database of this JVM, started by its first user. */
  static TestDatabase postgresql() {
    return Server.DATABASE;
  }

  /** Returns the database itself, without a pool. */
  DataSource direct() {
    return direct;
  }

  /** Returns a pool that all tests on this database share. */
  LendingSource source() {
    return source;
  }

  Dialect dialect() {
    return dialect;
  }

  boolean isH2() {
    return dialect == Dialect.H2;
  }

  /** Runs a statement and returns how many rows it changed. */
  int change(String sql, Object... arguments) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = prepare(connection, sql, arguments)) {
      return statement.executeUpdate();
    }
  }

  /** Returns the number that a query answers with. */
  long number(String sql, Object... arguments) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = prepare(connection, sql, arguments);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  /** Moves the time in a column of all rows back. */
  void age(String table, String column, Duration by) throws SQLException {
    String earlier =
        isH2()
            ? "DATEADD(MILLISECOND, -" + by.toMillis() + ", " + column + ")"
            : column + " - " + by.toMillis() + " * interval '1 millisecond'";
    change("UPDATE " + table + " SET " + column + " = " + earlier);
  }

  /** Opened by the first test that needs it. */
  private static final class InMemory {
    static final TestDatabase DATABASE = h2("jdbc:h2:mem:shared;DB_CLOSE_DELAY=-1");
  }

  /**
   * A real server, from Maven Central, without any promise to survive the machine. It stops itself
   * and removes its folder when this JVM ends, however its tests went.
   */
  private static final class Server {
    static final TestDatabase DATABASE = start();

    private static TestDatabase start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("max_connections", "60")
                .start();
        return new TestDatabase(Dialect.POSTGRESQL, server.getPostgresDatabase());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
