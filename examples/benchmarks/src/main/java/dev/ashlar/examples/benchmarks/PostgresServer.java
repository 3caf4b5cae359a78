package dev.ashlar.examples.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL server that is forced at each commit: a process of its own, started by this one in
 * the folder of the run.
 */
public final class PostgresServer implements Closeable {

  private static final String CONNECTIONS_MOST = "600";

  private final EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Starts one in a folder that is there, empty or with what an earlier one left. */
  public static PostgresServer start(Path folder) throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.toAbsolutePath().resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", CONNECTIONS_MOST)
            .start();
    PostgresServer started = new PostgresServer(server);
    try (Connection connection = started.connection();
        Statement statement = connection.createStatement()) {
      expectOn(statement, "fsync");
      expectOn(statement, "synchronous_commit");
    }
    return started;
  }

  /** Whoever starts a server for tests likes to switch these off. */
  private static void expectOn(Statement statement, String setting) throws SQLException {
    try (ResultSet row = statement.executeQuery("show " + setting)) {
      if (!row.next() || !row.getString(1).equals("on")) {
        throw new IllegalStateException(setting + ": off (expected: on)");
      }
    }
  }

  /** Returns a connection over the loopback. */
  public Connection connection() throws SQLException {
    return server.getPostgresDatabase().getConnection();
  }

  /** Returns where it listens, on the loopback. */
  public int port() {
    return server.getPort();
  }

  /** Returns the address of what listens at a port: the server, or what stands before it. */
  public static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=postgres";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
