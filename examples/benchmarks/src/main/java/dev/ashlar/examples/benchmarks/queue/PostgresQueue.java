package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A table of PostgreSQL over the loopback, forced at each commit, with a connection for each
 * thread. The server is a process of its own, started by this one in the folder of the run.
 */
final class PostgresQueue implements TableQueue.Sessions {

  private static final String TAKE =
      "delete from queue where id in"
          + " (select id from queue order by id limit ? for update skip locked) returning payload";

  private static final String CONNECTIONS_MOST = "600";

  private final EmbeddedPostgres server;

  private PostgresQueue(EmbeddedPostgres server) {
    this.server = server;
  }

  static TableQueue open(Path folder, TimeSource time) throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.toAbsolutePath().resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", CONNECTIONS_MOST)
            .start();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists queue(id bigserial primary key, payload bytea)");
      expectOn(statement, "fsync");
      expectOn(statement, "synchronous_commit");
    }
    return new TableQueue(new PostgresQueue(server), TAKE, time);
  }

  /** Whoever starts a server for tests likes to switch these off. */
  private static void expectOn(Statement statement, String setting) throws SQLException {
    try (ResultSet row = statement.executeQuery("show " + setting)) {
      if (!row.next() || !row.getString(1).equals("on")) {
        throw new IllegalStateException(setting + ": off (expected: on)");
      }
    }
  }

  @Override
  public Connection open() throws SQLException {
    Connection connection = server.getPostgresDatabase().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public void begin() {
    // The first statement does.
  }

  @Override
  public void commit(Connection connection, Deadline deadline) throws SQLException {
    connection.commit();
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
