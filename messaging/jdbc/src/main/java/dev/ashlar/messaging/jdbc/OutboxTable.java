package dev.ashlar.messaging.jdbc;

import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore.Turn;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of one outbox; each method is one statement. */
final class OutboxTable {

  /*
   * ashlar_outbox
   * -------------
   *
   *   outbox, number             whose row; number rises as rows are written, and they may be committed
   *                              in another order
   *   destination                which queue
   *   message_id ... ttl_nanos   the message, see StoredMessage
   *   created_at                 from when its time to live counts
   *   state                      waiting   to be sent, or failed and to be sent again at next_at
   *                              parked    given up, until an operator retries or discards it
   *                              sent      kept for the retention; without one the row is deleted
   *   attempts, next_at, cause   what is known of failures
   *   first_try_at               when it was first handed out for sending
   *   sent_at                    when it was noted as sent
   *   blocked_key                the ordering key while the row is failed or parked, and stands before others
   *
   * What is due is asked by state, and never by position: "number above the last one that I saw" loses
   * each row whose transaction commits after that of a higher number.
   *
   *   state = waiting, next_at has come or is not set
   *     and no row of the same destination and key with a smaller number is parked or waits
   *
   * ashlar_outbox_turn
   * ------------------
   *
   *   outbox      whose turn
   *   relay       who has it
   *   epoch       rises with each new holder
   *   until_at    when it ends, by this database's clock
   *
   * Each statement that a relay notes a result with says "and my turn is not over" itself, and each
   * commits by itself: a relay that is paused between two has nothing locked. What a relay parks or
   * stamps after its turn is over would be parked or stamped by the next one too.
   */

  /** Less than any message can still use, and more than none: its queue counts it as expired. */
  private static final Duration TTL_MIN = Duration.ofNanos(1000);

  private static final String INSERT =
      """
      INSERT INTO ashlar_outbox (
        outbox, destination, message_id, ordering_key, headers, payload, ttl_nanos,
        created_at, state, attempts)
      VALUES (?, ?, ?, ?, ?, ?, ?, {now}, 'waiting', 0)
      """;

  private static final String BACKLOG =
      "SELECT COUNT(*) FROM ashlar_outbox WHERE outbox = ? AND state IN ('waiting', 'parked')";

  static final String DUE =
      """
      SELECT o.number, o.destination, o.attempts, o.message_id, o.ordering_key, o.headers, o.payload,
        o.ttl_nanos, o.created_at, {now} AS now_at, o.first_try_at IS NULL AS untried,
        o.first_try_at <= {after} AS late
      FROM ashlar_outbox o
      WHERE o.outbox = ? AND o.state = 'waiting' AND (o.next_at IS NULL OR o.next_at <= {now})
        AND (o.ordering_key IS NULL OR NOT EXISTS (
          SELECT 1 FROM ashlar_outbox b
          WHERE b.outbox = o.outbox AND b.destination = o.destination
            AND b.blocked_key = COALESCE(o.ordering_key, '') AND b.number < o.number
            AND (b.state = 'parked' OR b.next_at > {now})))
      ORDER BY o.outbox, o.state, o.number
      LIMIT ?
      """;

  private static final String STAMP =
      "UPDATE ashlar_outbox SET first_try_at = {now} WHERE number = ANY(?) AND first_try_at IS NULL";

  private static final String PARK =
      """
      UPDATE ashlar_outbox SET state = 'parked', cause = ?, blocked_key = ordering_key
      WHERE number = ? AND state = 'waiting'
      """;

  private static final String HAS_TURN =
      "SELECT 1 FROM ashlar_outbox_turn t"
          + " WHERE t.outbox = ? AND t.relay = ? AND t.epoch = ? AND t.until_at > {now}";

  private static final String THESE_IN_TURN =
      " WHERE outbox = ? AND number = ANY(?) AND EXISTS (" + HAS_TURN + ")";

  private static final String REMOVE_SENT = "DELETE FROM ashlar_outbox" + THESE_IN_TURN;

  private static final String KEEP_SENT =
      "UPDATE ashlar_outbox SET state = 'sent', sent_at = {now}, blocked_key = NULL, cause = NULL"
          + THESE_IN_TURN;

  private static final String FAIL =
      """
      UPDATE ashlar_outbox SET
        attempts = attempts + 1, state = ?, next_at = {after}, cause = ?, blocked_key = ordering_key
      """
          + THESE_IN_TURN
          + " AND state = 'waiting'";

  private static final String CLEAN_H2 =
      "DELETE FROM ashlar_outbox WHERE outbox = ? AND sent_at <= {after} FETCH FIRST ? ROWS ONLY";

  private static final String CLEAN_POSTGRESQL =
      """
      DELETE FROM ashlar_outbox WHERE number IN (
        SELECT number FROM ashlar_outbox WHERE outbox = ? AND sent_at <= {after}
        ORDER BY sent_at LIMIT ? FOR UPDATE SKIP LOCKED)
      """;

  private static final String PARKED =
      """
      SELECT number, destination, message_id, attempts, cause FROM ashlar_outbox
      WHERE outbox = ? AND state = 'parked' ORDER BY outbox, state, number LIMIT ?
      """;

  private static final String RETRY =
      """
      UPDATE ashlar_outbox SET
        state = 'waiting', attempts = 0, next_at = NULL, first_try_at = NULL, blocked_key = NULL,
        cause = NULL
      WHERE outbox = ? AND number = ? AND state = 'parked'
      """;

  private static final String DISCARD =
      "DELETE FROM ashlar_outbox WHERE outbox = ? AND number = ? AND state = 'parked'";

  private final String outbox;
  private final Dialect dialect;

  OutboxTable(String outbox, Dialect dialect) {
    this.outbox = outbox;
    this.dialect = dialect;
  }

  void insert(Session session, String destination, Message message) throws SQLException {
    try (PreparedStatement statement = session.prepare(dialect.sql(INSERT))) {
      statement.setString(1, outbox);
      statement.setString(2, destination);
      StoredMessage.bind(statement, 3, message);
      statement.executeUpdate();
    }
  }

  /** Returns how many rows are not sent. */
  long backlog(Session session) throws SQLException {
    try (PreparedStatement statement = session.prepare(BACKLOG)) {
      statement.setString(1, outbox);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Returns due rows, oldest first, readable or not. */
  List<Found> due(Session session, int most, Duration window) throws SQLException {
    List<Found> rows = new ArrayList<>();
    try (PreparedStatement statement = session.prepare(dialect.sql(DUE))) {
      statement.setLong(1, -Session.micros(window));
      statement.setString(2, outbox);
      statement.setInt(3, most);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(Found.read(row));
        }
      }
    }
    return rows;
  }

  /** Notes that rows are handed out. */
  void stamp(Session session, List<Found> rows) throws SQLException {
    List<Long> untried = rows.stream().filter(Found::untried).map(Found::number).toList();
    if (untried.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = session.prepare(dialect.sql(STAMP))) {
      statement.setArray(1, numbers(session, untried));
      statement.executeUpdate();
    }
  }

  void park(Session session, long number, String cause) throws SQLException {
    try (PreparedStatement statement = session.prepare(PARK)) {
      statement.setString(1, StoredMessage.storable(cause));
      statement.setLong(2, number);
      statement.executeUpdate();
    }
  }

  boolean hasTurn(Session session, Turn turn) throws SQLException {
    try (PreparedStatement statement = session.prepare(dialect.sql(HAS_TURN))) {
      bindTurn(statement, 1, turn);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private void bindTurn(PreparedStatement statement, int index, Turn turn) throws SQLException {
    statement.setString(index, outbox);
    statement.setString(index + 1, turn.relay());
    statement.setLong(index + 2, turn.epoch());
  }

  /** Notes that rows were sent; returns how many there were, none if the turn is over. */
  int sent(Session session, Turn turn, List<Long> numbers, boolean keep) throws SQLException {
    String sql = keep ? dialect.sql(KEEP_SENT) : dialect.sql(REMOVE_SENT);
    try (PreparedStatement statement = session.prepare(sql)) {
      bindInTurn(session, statement, 1, turn, numbers);
      return statement.executeUpdate();
    }
  }

  private void bindInTurn(
      Session session, PreparedStatement statement, int index, Turn turn, List<Long> numbers)
      throws SQLException {
    statement.setString(index, outbox);
    statement.setArray(index + 1, numbers(session, numbers));
    bindTurn(statement, index + 2, turn);
  }

  private static Array numbers(Session session, List<Long> numbers) throws SQLException {
    return session.connection().createArrayOf("BIGINT", numbers.toArray());
  }

  /** Notes a failure; returns whether there was such a row and the turn is not over. */
  boolean failed(
      Session session, Turn turn, long number, String cause, Optional<Duration> retryAfter)
      throws SQLException {
    try (PreparedStatement statement = session.prepare(dialect.sql(FAIL))) {
      statement.setString(1, retryAfter.isPresent() ? "waiting" : "parked");
      if (retryAfter.isPresent()) {
        statement.setLong(2, Session.micros(retryAfter.get()));
      } else {
        statement.setNull(2, Types.BIGINT);
      }
      statement.setString(3, StoredMessage.storable(cause));
      bindInTurn(session, statement, 4, turn, List.of(number));
      return statement.executeUpdate() == 1;
    }
  }

  int cleanUp(Session session, int most, Duration retention) throws SQLException {
    try (PreparedStatement statement =
        session.prepare(dialect.choose(CLEAN_H2, CLEAN_POSTGRESQL))) {
      statement.setString(1, outbox);
      statement.setLong(2, -Session.micros(retention));
      statement.setInt(3, most);
      return statement.executeUpdate();
    }
  }

  List<JdbcOutbox.Parked> parked(Session session, int most) throws SQLException {
    List<JdbcOutbox.Parked> rows = new ArrayList<>();
    try (PreparedStatement statement = session.prepare(PARKED)) {
      statement.setString(1, outbox);
      statement.setInt(2, most);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(
              new JdbcOutbox.Parked(
                  row.getLong("number"),
                  row.getString("destination"),
                  row.getString("message_id"),
                  row.getInt("attempts"),
                  Optional.ofNullable(row.getString("cause")).orElse("")));
        }
      }
    }
    return rows;
  }

  boolean retry(Session session, long number) throws SQLException {
    return change(session, RETRY, number);
  }

  boolean discard(Session session, long number) throws SQLException {
    return change(session, DISCARD, number);
  }

  private boolean change(Session session, String sql, long number) throws SQLException {
    try (PreparedStatement statement = session.prepare(sql)) {
      statement.setString(1, outbox);
      statement.setLong(2, number);
      return statement.executeUpdate() == 1;
    }
  }

  /**
   * A row that is due, readable or not.
   *
   * @param place destination and key, where it has one: what it stands in line for
   * @param untried it was not handed out before
   * @param late it was handed out for the first time longer ago than the window
   */
  record Found(
      OutboxRow row,
      Optional<String> fault,
      Optional<String> place,
      boolean untried,
      boolean late) {

    static Found read(ResultSet row) throws SQLException {
      long number = row.getLong("number");
      StoredMessage stored = StoredMessage.read(row, number);
      OffsetDateTime created = row.getObject("created_at", OffsetDateTime.class);
      OffsetDateTime now = row.getObject("now_at", OffsetDateTime.class);
      String destination = row.getString("destination");
      Message message = aged(stored.message(), Duration.between(created, now));
      // A destination has no blank, so the two cannot be mistaken for other two.
      Optional<String> place =
          Optional.ofNullable(row.getString("ordering_key")).map(key -> destination + " " + key);
      return new Found(
          new OutboxRow(number, destination, message, row.getInt("attempts")),
          stored.fault(),
          place,
          row.getBoolean("untried"),
          row.getBoolean("late"));
    }

    private static Message aged(Message message, Duration age) {
      if (message.timeToLive().isEmpty() || age.isNegative()) {
        return message;
      }
      Duration left = message.timeToLive().get().minus(age);
      return message.withTimeToLive(left.compareTo(TTL_MIN) < 0 ? TTL_MIN : left);
    }

    long number() {
      return row.number();
    }
  }
}
