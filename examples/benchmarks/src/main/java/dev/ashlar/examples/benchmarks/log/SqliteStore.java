package dev.ashlar.examples.benchmarks.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * SQLite in WAL mode, one transaction per group; {@code synchronous=FULL} forces at each commit.
 */
final class SqliteStore implements RecordStore {

  private final Connection connection;
  private final PreparedStatement insert;

  SqliteStore(Path folder, Durability durability) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        durability == Durability.DISK
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + folder.resolve("log.db"));
    connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists log(id integer primary key, payload blob)");
    }
    connection.setAutoCommit(false);
    insert = connection.prepareStatement("insert into log(payload) values (?)");
  }

  @Override
  public void write(List<byte[]> records) throws SQLException {
    for (byte[] record : records) {
      insert.setBytes(1, record);
      insert.executeUpdate();
    }
    connection.commit();
  }

  @Override
  public void read(DurableLog.Sink sink) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select payload from log order by id")) {
      while (rows.next()) {
        sink.accept(ByteBuffer.wrap(rows.getBytes(1)));
      }
    }
    connection.commit();
  }

  @Override
  public void close() throws IOException {
    try {
      insert.close();
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
