package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.TimeSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A table of SQLite in WAL mode; {@code synchronous=FULL} forces at each commit. */
final class SqliteQueue {

  private static final String TAKE =
      "delete from queue where id in (select id from queue order by id limit ?) returning payload";

  private SqliteQueue() {}

  static TableQueue open(Path folder, TimeSource time) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + folder.resolve("queue.db"));
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists queue(id integer primary key, payload blob)");
    }
    connection.setAutoCommit(false);
    return new TableQueue(new OneConnection(connection, deadline -> {}), TAKE, time);
  }
}
