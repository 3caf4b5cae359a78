package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * A lock as many have it: a row with an owner and an end, that the owner moves on while it lives.
 * It is written with care, by the database's clock, and the owner asks before each step whether it
 * still has it. What it lacks is a number that the ledger could check.
 */
final class PlainLock {

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS plain_lock (
        name VARCHAR(40) PRIMARY KEY, owner VARCHAR(40), until_at TIMESTAMP WITH TIME ZONE);
      MERGE INTO plain_lock USING (VALUES (1)) ON name = 'settlement'
        WHEN NOT MATCHED THEN INSERT VALUES ('settlement', '', TIMESTAMP '2000-01-01 00:00:00+00')
      """;

  private static final String TAKE =
      """
      UPDATE plain_lock SET owner = ?, until_at = DATEADD(MILLISECOND, ?, CURRENT_TIMESTAMP)
      WHERE name = 'settlement' AND (owner = ? OR until_at <= CURRENT_TIMESTAMP)
      """;

  private static final String RENEW =
      """
      UPDATE plain_lock SET until_at = DATEADD(MILLISECOND, ?, CURRENT_TIMESTAMP)
      WHERE name = 'settlement' AND owner = ? AND until_at > CURRENT_TIMESTAMP
      """;

  private static final String GIVE_BACK =
      "UPDATE plain_lock SET until_at = CURRENT_TIMESTAMP WHERE name = 'settlement' AND owner = ?";

  private final DataSource source;
  private final String owner;
  private final Duration term;
  private final TimeSource time;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean held;

  PlainLock(DataSource source, String owner, Duration term, TimeSource time) {
    this.source = source;
    this.owner = owner;
    this.term = term;
    this.time = time;
  }

  /** Creates the table and the row, if they are not there. */
  static void create(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  /** Takes the lock if it is free, and keeps it until {@link #unlock()}. */
  boolean tryLock() throws SQLException {
    boolean taken =
        change(
            TAKE,
            statement -> {
              statement.setString(1, owner);
              statement.setLong(2, term.toMillis());
              statement.setString(3, owner);
            });
    if (taken) {
      set(true);
      Thread keeper = new Thread(this::keep, owner + "-keeper");
      keeper.setDaemon(true);
      keeper.start();
    }
    return taken;
  }

  private void keep() {
    try {
      while (awaitTurn() && renew()) {
        // Each round is a renewal.
      }
      set(false);
    } catch (InterruptedException | SQLException e) {
      set(false);
    }
  }

  private boolean awaitTurn() throws InterruptedException {
    Deadline next = Deadline.after(term.dividedBy(3), time);
    lock.lockInterruptibly();
    try {
      while (held && !next.hasExpired()) {
        time.await(changed, next);
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  private boolean renew() throws SQLException {
    return change(
        RENEW,
        statement -> {
          statement.setLong(1, term.toMillis());
          statement.setString(2, owner);
        });
  }

  /** Returns whether the lock is held, as far as its last renewal tells. */
  boolean isHeld() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  void unlock() throws SQLException {
    set(false);
    change(GIVE_BACK, statement -> statement.setString(1, owner));
  }

  private void set(boolean now) {
    lock.lock();
    try {
      held = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean change(String sql, Binding binding) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      binding.bind(statement);
      return statement.executeUpdate() == 1;
    }
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
