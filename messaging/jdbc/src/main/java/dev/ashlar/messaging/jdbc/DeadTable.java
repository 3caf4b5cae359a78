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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
   *   place, epoch               the message's seq and epoch where the queue parks dead keys and it has a
   *                              key; null otherwise, and for what died before there was parking
   *
   * A redriven message gets a new seq, so it stands at the end of the line, and a new budget
   * (attempts_base = attempts) while attempts goes on.
   *
   * Parking
   * -------
   *
   * Rows of a key behind a dead letter's place are not due: that is a rule of the claim and no state of
   * theirs, so they are never moved, and to park or release any number of them costs nothing. A redriven
   * message gets its place back as its seq and so stands before them. It also gets an epoch that no
   * delivery ever had, or who held it when it died could settle it again. Messages of the key with a
   * smaller seq, committed late, go on.
   *
   * A queue that is opened to park leaves alone what died before: those keys have gone on. One that is
   * opened not to park any more does not look at places.
   */

  private static final String BURY =
      """
      INSERT INTO ashlar_queue_dead (
        queue, message_id, ordering_key, headers, payload, ttl_nanos, sent_at, expires_at,
        attempts, first_failure, last_failure, reason, place, epoch)
      SELECT
        queue, CAST(? AS VARCHAR(64)), ordering_key, headers, payload, ttl_nanos, sent_at, expires_at,
        attempts, COALESCE(first_failure, {now}), {now}, CAST(? AS VARCHAR(1000)),
        {place}
      FROM ashlar_queue WHERE queue = ? AND seq = ? AND epoch = ?
      """;

  private static final String PLACE =
      """
      CASE WHEN ordering_key IS NULL THEN NULL ELSE seq END,
        CASE WHEN ordering_key IS NULL THEN NULL ELSE epoch END\
      """;

  private static final String NO_PLACE = "NULL, NULL";

  private static final String LIST =
      "SELECT number, attempts, reason, first_failure, last_failure, "
          + StoredMessage.COLUMNS
          + " FROM ashlar_queue_dead WHERE queue = ? ORDER BY queue, number LIMIT ?";

  private static final String FIND =
      "SELECT number, sent_at > {after} AS young, place IS NOT NULL AS placed FROM"
          + " ashlar_queue_dead WHERE queue = ? AND message_id = ? ORDER BY number FOR UPDATE";

  private static final String REVIVE =
      """
      INSERT INTO ashlar_queue (
        queue, message_id, ordering_key, headers, payload, ttl_nanos, sent_at, visible_at, expires_at,
        owned, attempts, attempts_base, first_failure, epoch{seq})
      SELECT
        queue, message_id, ordering_key, headers, payload, ttl_nanos, sent_at, {now}, expires_at,
        FALSE, attempts, attempts, first_failure, {values}
      FROM ashlar_queue_dead WHERE queue = ? AND number = ?
      """;

  private static final String DELETE =
      "DELETE FROM ashlar_queue_dead WHERE queue = ? AND number = ?";

  private static final String DISCARD =
      "DELETE FROM ashlar_queue_dead WHERE queue = ? AND message_id = ?";

  private static final String PARKED =
      """
      SELECT k.ordering_key, COUNT(q.seq) AS parked
      FROM (
        SELECT d.ordering_key, MIN(d.place) AS place FROM ashlar_queue_dead d
        WHERE d.queue = ? AND d.ordering_key IN ({keys}) AND d.place > 0
        GROUP BY d.ordering_key) k
      LEFT JOIN ashlar_queue q
        ON q.queue = ? AND q.ordering_key = k.ordering_key AND q.seq > k.place
      GROUP BY k.ordering_key
      """;

  private final String queue;
  private final QueueTable live;
  private final Observer observer;
  private final String bury;
  private final String find;
  private final String reviveLast;
  private final String reviveInPlace;

  DeadTable(String queue, QueueTable live, Dialect dialect, Observer observer) {
    this.queue = queue;
    this.live = live;
    this.observer = observer;
    bury = dialect.sql(BURY.replace("{place}", live.parks() ? PLACE : NO_PLACE));
    find = dialect.sql(FIND);
    reviveLast = dialect.sql(REVIVE.replace("{seq}", "").replace("{values}", "0"));
    reviveInPlace =
        dialect.sql(REVIVE.replace("{seq}", ", seq").replace("{values}", "epoch + 1, place"));
  }

  /** Moves a claimed row here, within a transaction; returns whether the claim still held. */
  boolean bury(Session session, Claimed row, String reason) throws SQLException {
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
    List<Long> last = new ArrayList<>();
    List<Long> inPlace = new ArrayList<>();
    boolean found = false;
    try (PreparedStatement statement = session.prepare(find)) {
      statement.setLong(1, -Session.micros(lifetime));
      statement.setString(2, queue);
      statement.setString(3, id.value());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found = true;
          if (row.getBoolean("young")) {
            boolean placed = live.parks() && row.getBoolean("placed");
            (placed ? inPlace : last).add(row.getLong("number"));
          }
        }
      }
    }
    if (last.isEmpty() && inPlace.isEmpty()) {
      return found ? Redrive.TOO_OLD : Redrive.ABSENT;
    }
    change(session, reviveLast, last);
    change(session, reviveInPlace, inPlace);
    observer.step("queue.redrive.written");
    change(session, DELETE, last);
    change(session, DELETE, inPlace);
    observer.step("queue.redrive.removed");
    return Redrive.REDRIVEN;
  }

  /** Returns, for those of the keys that are dead, how many messages are parked. */
  Map<String, Long> parked(Session session, List<String> keys) throws SQLException {
    String places = String.join(", ", Collections.nCopies(keys.size(), "?"));
    Map<String, Long> parked = new HashMap<>();
    try (PreparedStatement statement = session.prepare(PARKED.replace("{keys}", places))) {
      int index = 1;
      statement.setString(index++, queue);
      for (String key : keys) {
        statement.setString(index++, key);
      }
      statement.setString(index, queue);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          parked.put(row.getString("ordering_key"), row.getLong("parked"));
        }
      }
    }
    return parked;
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
