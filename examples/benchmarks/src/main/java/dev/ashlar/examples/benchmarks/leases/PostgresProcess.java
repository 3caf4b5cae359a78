package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.examples.benchmarks.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server, and a connection to ask it how it goes. */
final class PostgresProcess implements LockServer {

  /**
   * A transaction that reads takes no number. The first figure is at most a second old while the
   * connections that it counts are busy.
   */
  private static final String LOAD =
      "select (select sum(xact_commit) from pg_stat_database),"
          + " pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

  private final PostgresServer server;
  private final Connection asking;

  private PostgresProcess(PostgresServer server, Connection asking) {
    this.server = server;
    this.asking = asking;
  }

  static PostgresProcess start(Path folder) throws IOException, SQLException {
    PostgresServer server = PostgresServer.start(folder);
    return new PostgresProcess(server, server.connection());
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public Load load() throws SQLException {
    try (Statement statement = asking.createStatement();
        ResultSet row = statement.executeQuery(LOAD)) {
      row.next();
      return new Load(row.getLong(1), row.getLong(2));
    }
  }

  @Override
  public void close() throws IOException {
    // The connection ends with the server.
    server.close();
  }
}
