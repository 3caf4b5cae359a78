package dev.ashlar.examples.benchmarks.store;

import dev.ashlar.core.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A table of SQLite in WAL mode, whose key is stream and version; a transaction per append. */
final class SqliteStore implements StreamStore {

  private static final String TABLE =
      "create table if not exists event(stream text, version integer, payload blob,"
          + " primary key(stream, version)) without rowid";
  private static final String END = "select max(version) from event where stream = ?";
  private static final String INSERT = "insert into event values (?, ?, ?)";
  private static final String READ = "select payload from event where stream = ? order by version";

  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();

  SqliteStore(Path folder, boolean forced) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        forced ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + folder.resolve("events.db"));
    connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    connection.setAutoCommit(false);
  }

  @Override
  public void append(String stream, List<byte[]> events, Deadline deadline) throws Exception {
    lock.lockInterruptibly();
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      long version = end(stream);
      for (byte[] event : events) {
        insert.setString(1, stream);
        insert.setLong(2, ++version);
        insert.setBytes(3, event);
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    } finally {
      lock.unlock();
    }
  }

  private long end(String stream) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(END)) {
      select.setString(1, stream);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  @Override
  public List<byte[]> read(String stream, Deadline deadline) throws Exception {
    lock.lockInterruptibly();
    try (PreparedStatement select = connection.prepareStatement(READ)) {
      select.setString(1, stream);
      List<byte[]> events = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          events.add(rows.getBytes(1));
        }
      }
      connection.commit();
      return events;
    } finally {
      lock.unlock();
    }
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
