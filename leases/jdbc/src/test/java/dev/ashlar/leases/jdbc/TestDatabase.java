package dev.ashlar.leases.jdbc;

import dev.ashlar.leases.LeaseName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A database for tests, with the tables in it, that can be restarted. */
final class TestDatabase {

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Dialect dialect;
  private final LendingSource source;
  private final Restart restart;

  private TestDatabase(Dialect dialect, DataSource direct, Restart restart) {
    this.dialect = dialect;
    this.source = new LendingSource(direct);
    this.restart = restart;
    JdbcLeaseSchema.create(source);
  }

  @FunctionalInterface
  private interface Restart {
    void run() throws Exception;
  }

  /** Returns the H2 database of this JVM, in a file that is written at each commit. */
  static TestDatabase h2() {
    return InFile.DATABASE;
  }

  /** Returns a fresh H2 database in memory. */
  static TestDatabase h2InMemory() {
    return h2("jdbc:h2:mem:fresh" + NAMES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
  }

  private static TestDatabase h2(String url) {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL(url);
    return new TestDatabase(
        Dialect.H2,
        h2,
        () -> {
          try (Connection connection = h2.getConnection();
              Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
          }
        });
  }

  /** Returns the PostgreSQL database of this JVM, started by its first user. */
  static TestDatabase postgresql() {
    return Server.DATABASE;
  }

  /** Returns the MariaDB database of this JVM, started by its first user. */
  static TestDatabase mariadb() {
    return Mariadb.DATABASE;
  }

  /** Returns the server of that database. */
  static MariadbServer mariadbServer() {
    return Mariadb.SERVER;
  }

  /** Stops the database, and has it there again. */
  void restart() throws Exception {
    source.dropIdle();
    restart.run();
  }

  LendingSource source() {
    return source;
  }

  Dialect dialect() {
    return dialect;
  }

  /**
   * Does to a lease what a jump of the database's clock does, ahead or back: a store that keeps the
   * moment at which a grant ends sees the distance to it change, and nothing else.
   */
  void jump(LeaseName name, Duration ahead) throws SQLException {
    change(jump() + " WHERE name = ?", ahead.toNanos() / 1000, name.value());
  }

  /** Does the same to all leases. */
  void jumpAll(Duration ahead) throws SQLException {
    change(jump(), ahead.toNanos() / 1000);
  }

  private String jump() {
    String moved =
        switch (dialect) {
          case H2 -> "DATEADD(MICROSECOND, -CAST(? AS BIGINT), expires_at)";
          case POSTGRESQL -> "expires_at - ? * interval '1 microsecond'";
          case MARIADB -> "expires_at - INTERVAL ? MICROSECOND";
        };
    return "UPDATE ashlar_lease SET expires_at = " + moved;
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

  private static Path folder(String name) {
    try {
      Path folder = Files.createTempDirectory(name);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> inside = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : inside) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // A temporary folder that stays harms nobody.
    }
  }

  /** Opened by the first test that needs it. */
  private static final class InFile {
    static final TestDatabase DATABASE =
        h2("jdbc:h2:file:" + folder("ashlar-leases-h2").resolve("db") + ";WRITE_DELAY=0");
  }

  /** Ends before its folder is deleted. */
  private static final class Mariadb {
    static final MariadbServer SERVER;
    static final TestDatabase DATABASE;

    static {
      try {
        Path folder = Files.createTempDirectory("ashlar-leases-mariadb");
        SERVER = MariadbServer.start(folder);
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      SERVER.stop();
                      delete(folder);
                    }));
        DATABASE = new TestDatabase(Dialect.MARIADB, SERVER.source(), SERVER::restart);
      } catch (IOException | SQLException e) {
        throw new IllegalStateException("MariaDB: not started", e);
      }
    }
  }

  /**
   * A real server, from Maven Central, without any promise to survive the machine. It comes back on
   * the same port with the same data; it stops itself when this JVM ends.
   */
  private static final class Server {
    static final TestDatabase DATABASE = new Server().database();

    private final Path data = folder("ashlar-leases-postgresql");
    private EmbeddedPostgres running;

    private Server() {
      running = start(0);
    }

    private TestDatabase database() {
      int port = running.getPort();
      return new TestDatabase(
          Dialect.POSTGRESQL,
          running.getPostgresDatabase(),
          () -> {
            running.close();
            running = start(port);
          });
    }

    private EmbeddedPostgres start(int port) {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("max_connections", "60")
            .setDataDirectory(data.resolve("data"))
            .setCleanDataDirectory(false)
            .setPort(port)
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
