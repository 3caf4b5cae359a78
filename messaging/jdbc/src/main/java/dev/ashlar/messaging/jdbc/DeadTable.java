package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.DeadLetters.Entry;
import dev.ashlar.messaging.DeadLetters.Redrive;
import dev.ashlar.messaging.MessageId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The dead letters of one queue, as rows.
 *
 * <p>A message moves between the two tables in one transaction: a crash leaves it in exactly one.
 */
final class DeadTable {

  /*
   * ashlar_queue_dead
   * -----------------
   *
   *   queue, number              whose row, and its place in the list
   *   message_id ... ttl_nanos   the message as it was, also where it could not be read; an id that is no
   *                              id is replaced by "unreadable-" and the seq, so that it can be named
   *   sent_at, expires_at        as they were: redriving makes nothing younger
   *   attempts                   claims ever
   *   first_failure, last_failure, reason
   *
   * A redriven message gets a new seq, so it stands at the end of the line, and a new budget
   * (attempts_base = attempts) while attempts goes on.
   */

  private static final String BURY =
      """
      INSERT INTO ashlar_queue_dead (
        queue, message_id, ordering_key, headers, payload, ttl_nanos, sent_at, expires_at,
        attempts, first_failure, last_failure, reason)
      SELECT
        queue, CAST(? AS VARCHAR(64)), ordering_key, headers, payload, ttl_nanos, sent_at, expires_at,
        attempts, COALESCE(first_failure, {now}), {now}, CAST(? AS VARCHAR(1000))
      FROM ashlar_queue WHERE queue = ? AND seq = ? AND epoch = ?
      """;

  private static final String LIST =
      "SELECT number, attempts, reason, first_failure, last_failure, "
          + StoredMessage.COLUMNS
          + " FROM ashlar_queue_dead WHERE queue = ? ORDER BY queue, number LIMIT ?";

  private static final String FIND =
      "SELECT number, sent_at > {after} AS young FROM ashlar_queue_dead"
          + " WHERE queue = ? AND message_id = ? ORDER BY number FOR UPDATE";

  private static final String REVIVE =
      """
      INSERT INTO ashlar_queue (
        queue, message_id, ordering_key, headers, payload, ttl_nanos, sent_at, visible_at, expires_at,
        owned, epoch, attempts, attempts_base, first_failure)
      SELECT
        queue, message_id, ordering_key, headers, payload, ttl_nanos, sent_at, {now}, expires_at,
        FALSE, 0, attempts, attempts, first_failure
      FROM ashlar_queue_dead WHERE queue = ? AND number = ?
      """;

  private static final String DELETE =
      "DELETE FROM ashlar_queue_dead WHERE queue = ? AND number = ?";

  private static final String DISCARD =
      "DELETE FROM ashlar_queue_dead WHERE queue = ? AND message_id = ?";

  private final String queue;
  private final QueueTable live;
  private final Observer observer;
  private final String bury;
  private final String find;
  private final String revive;

  DeadTable(String queue, QueueTable live, Dialect dialect, Observer observer) {
    this.queue = queue;
    this.live = live;
    this.observer = observer;
    bury = dialect.sql(BURY);
    find = dialect.sql(FIND);
    revive = dialect.sql(REVIVE);
  }

  /** Moves a claimed row here, within a transaction; returns whether the claim still held. */
  boolean bury(Session session, QueueTable.Claimed row, String reason) throws SQLException {
    try (PreparedStatement statement = session.prepare(bury)) {
      statement.setString(1, row.stored().message().id().value());
      statement.setString(2, StoredMessage.storable(reason));
      statement.setString(3, queue);
      statement.setLong(4, row.seq());
      statement.setLong(5, row.epoch());
      if (statement.executeUpdate() == 0) {
        return false;
      }
    }
    observer.step("queue.deadletter.written");
    if (!live.delete(session, row)) {
      session.connection().rollback();
      return false;
    }
    observer.step("queue.deadletter.removed");
    return true;
  }

  /** Returns the oldest dead letters. */
  List<Entry> list(Session session, int most) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement statement = session.prepare(LIST)) {
      statement.setString(1, queue);
      statement.setInt(2, most);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          entries.add(
              new Entry(
                  StoredMessage.read(row, row.getLong("number")).message(),
                  row.getString("reason"),
                  row.getInt("attempts"),
                  queue,
                  row.getObject("first_failure", OffsetDateTime.class).toInstant(),
                  row.getObject("last_failure", OffsetDateTime.class).toInstant()));
        }
      }
    }
    return entries;
  }

  /** Moves the dead letters of an id back, within a transaction. */
  Redrive redrive(Session session, MessageId id, Duration lifetime) throws SQLException {
    List<Long> young = new ArrayList<>();
    boolean found = false;
    try (PreparedStatement statement = session.prepare(find)) {
      statement.setLong(1, -Session.micros(lifetime));
      statement.setString(2, queue);
      statement.setString(3, id.value());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found = true;
          if (row.getBoolean("young")) {
            young.add(row.getLong("number"));
          }
        }
      }
    }
    if (young.isEmpty()) {
      return found ? Redrive.TOO_OLD : Redrive.ABSENT;
    }
    change(session, revive, young);
    observer.step("queue.redrive.written");
    change(session, DELETE, young);
    observer.step("queue.redrive.removed");
    return Redrive.REDRIVEN;
  }

  private void change(Session session, String sql, List<Long> numbers) throws SQLException {
    try (PreparedStatement statement = session.prepare(sql)) {
      for (long number : numbers) {
        statement.setString(1, queue);
        statement.setLong(2, number);
        statement.executeUpdate();
      }
    }
  }

  /** Throws the dead letters of an id away. */
  boolean discard(Session session, MessageId id) throws SQLException {
    try (PreparedStatement statement = session.prepare(DISCARD)) {
      statement.setString(1, queue);
      statement.setString(2, id.value());
      return statement.executeUpdate() > 0;
    }
  }
}
