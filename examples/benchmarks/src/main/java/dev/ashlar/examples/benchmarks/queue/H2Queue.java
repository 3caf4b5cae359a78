package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.log.DurableLog;
import dev.ashlar.examples.benchmarks.log.GroupedLog;
import dev.ashlar.examples.benchmarks.log.RecordStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A table of H2. A commit of H2 is not forced, so each is followed by {@code CHECKPOINT SYNC}, one
 * for all that waited.
 */
final class H2Queue {

  private static final String TAKE =
      "select payload from old table (delete from queue where id in"
          + " (select id from queue order by id fetch first ? rows only))";

  private H2Queue() {}

  static TableQueue open(Path folder, TimeSource time) throws SQLException {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.toAbsolutePath().resolve("queue") + ";WRITE_DELAY=0");
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists queue(id identity primary key, payload varbinary(65536))");
    }
    connection.setAutoCommit(false);
    Checkpoints checkpoints = new Checkpoints(source.getConnection(), time);
    return new TableQueue(new OneConnection(connection, checkpoints), TAKE, time);
  }

  /** Shares one forcing among all who wait, by the group commit of the yardstick. */
  private static final class Checkpoints implements OneConnection.Forcing, RecordStore {

    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final GroupedLog groups;

    Checkpoints(Connection connection, TimeSource time) {
      this.connection = connection;
      this.groups = new GroupedLog(this, time);
    }

    @Override
    public void force(Deadline deadline) throws Exception {
      groups.append(NOTHING, deadline);
    }

    @Override
    public void write(List<byte[]> records) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("checkpoint sync");
      }
    }

    @Override
    public void read(DurableLog.Sink sink) {
      throw new UnsupportedOperationException("read: nothing is kept here");
    }

    @Override
    public void close() throws IOException {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }
}
