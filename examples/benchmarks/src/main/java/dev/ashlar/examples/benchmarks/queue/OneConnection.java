package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/** One connection behind a lock, for engines that let one transaction write at a time anyway. */
final class OneConnection implements TableQueue.Sessions {

  private final Connection connection;
  private final Forcing forcing;
  private final ReentrantLock lock = new ReentrantLock();

  OneConnection(Connection connection, Forcing forcing) {
    this.connection = connection;
    this.forcing = forcing;
  }

  /** What makes a commit durable that is not so by itself; called without the lock. */
  interface Forcing extends Closeable {

    /** Returns when all that was committed before is on the disk. */
    void force(Deadline deadline) throws Exception;

    @Override
    default void close() throws IOException {}
  }

  @Override
  public Connection open() {
    return connection;
  }

  @Override
  public void begin() throws InterruptedException {
    lock.lockInterruptibly();
  }

  @Override
  public void commit(Connection mine, Deadline deadline) throws Exception {
    try {
      mine.commit();
    } finally {
      lock.unlock();
    }
    forcing.force(deadline);
  }

  @Override
  public void rollback(Connection mine) throws SQLException {
    try {
      mine.rollback();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      forcing.close();
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
