package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
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

  private final PostgresServer server;

  private PostgresQueue(PostgresServer server) {
    this.server = server;
  }

  static TableQueue open(Path folder, TimeSource time) throws IOException, SQLException {
    PostgresServer server = PostgresServer.start(folder);
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists queue(id bigserial primary key, payload bytea)");
    }
    return new TableQueue(new PostgresQueue(server), TAKE, time);
  }

  @Override
  public Connection open() throws SQLException {
    Connection connection = server.connection();
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
