package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as a queue. To receive is to delete the first rows, to settle is to commit that: so the
 * work is done inside the transaction. An empty table is asked again every millisecond.
 */
final class TableQueue implements DurableQueue {

  private static final Duration POLL = Duration.ofMillis(1);
  private static final String INSERT = "insert into queue(payload) values (?)";

  private final Sessions sessions;
  private final String take;
  private final TimeSource time;

  /**
   * Makes one over a table that is there.
   *
   * @param take deletes up to so many rows and returns their payloads; the number is its parameter
   */
  TableQueue(Sessions sessions, String take, TimeSource time) {
    this.sessions = sessions;
    this.take = take;
    this.time = time;
  }

  /** Where the connections of an engine come from, and how one is left. */
  interface Sessions extends Closeable {

    /** Returns a connection without autocommit, for one thread or for all. */
    Connection open() throws Exception;

    /** Begins a transaction. */
    void begin() throws InterruptedException;

    /** Commits it; on return it is on the disk. */
    void commit(Connection connection, Deadline deadline) throws Exception;

    /** Undoes it, which has changed nothing. */
    void rollback(Connection connection) throws SQLException;
  }

  @Override
  public Sender sender() throws Exception {
    Connection connection = sessions.open();
    return (records, deadline) -> {
      sessions.begin();
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        for (byte[] record : records) {
          insert.setBytes(1, record);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      sessions.commit(connection, deadline);
    };
  }

  @Override
  public Receiver receiver() throws Exception {
    return new Taking(sessions.open());
  }

  @Override
  public void close() throws IOException {
    sessions.close();
  }

  private final class Taking implements Receiver {

    private final Connection connection;

    Taking(Connection connection) {
      this.connection = connection;
    }

    @Override
    public List<ByteBuffer> receive(int most, Deadline deadline) throws Exception {
      while (true) {
        sessions.begin();
        List<ByteBuffer> records = take(most);
        if (!records.isEmpty()) {
          return records;
        }
        sessions.rollback(connection);
        if (deadline.hasExpired()) {
          return records;
        }
        time.sleep(POLL);
      }
    }

    private List<ByteBuffer> take(int most) throws SQLException {
      List<ByteBuffer> records = new ArrayList<>();
      try (PreparedStatement delete = connection.prepareStatement(take)) {
        delete.setInt(1, most);
        try (ResultSet rows = delete.executeQuery()) {
          while (rows.next()) {
            records.add(ByteBuffer.wrap(rows.getBytes(1)));
          }
        }
      }
      return records;
    }

    @Override
    public void settle(Deadline deadline) throws Exception {
      sessions.commit(connection, deadline);
    }
  }
}
