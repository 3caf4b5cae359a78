package dev.ashlar.messaging.jdbc;

import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.QueueOptions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The live messages of one queue, as rows; each method is one statement or, where it says so, part
 * of a transaction.
 */
final class QueueTable {

  /*
   * ashlar_queue
   * ------------
   *
   *   queue, seq                 whose row, and its place in line; seq rises as rows are written, and rows
   *                              may be committed in another order
   *   message_id ... ttl_nanos   the message, see StoredMessage
   *   sent_at                    when it was sent
   *   visible_at                 before that nobody gets it: a delay, a wait for a retry, an ownership
   *   expires_at                 the earlier end of time to live and lifetime; visible_at is never later
   *                              than this except by an ownership, so that expiry is noticed in time
   *   owned                      a delivery has it, until visible_at
   *   epoch                      rises with every claim and every settlement: a delivery knows the epoch of
   *                              its claim and changes the row only while that is still the row's
   *   attempts, attempts_base    claims ever, and those of them that do not count against the budget
   *   inflight_key               the ordering key from the first claim on, until the row is gone
   *   first_failure ... cause    what is known of failures, lost owners included
   *
   * Claiming
   * --------
   *
   * A row is due if its time has come and, where it has a key, no other row of its key comes before it:
   *
   *   visible_at <= now
   *     and ( no key
   *        or inflight_key is set                      its key is its own: taken up again after a failed
   *                                                    attempt or a lost owner
   *        or ( no row has it as inflight_key          nobody else of the key is in flight or waits for
   *                                                    a retry
   *         and no row of the key has a smaller seq    it is the head of its key
   *         and no dead letter of the key has one ))   only where dead keys park, see DeadTable
   *
   * The lowest due seqs are claimed: epoch and attempts rise by one, visible_at moves on by the
   * visibility, inflight_key becomes the key.
   *
   * That alone would be wrong when a producer commits late. Rows 7 and 8 have key k; 8 is committed
   * first and claimed as the head of k; then 7 is committed, and a claimer whose snapshot is older than
   * the claim of 8 sees 7 as the head of a key of which nothing is in flight. The unique index on
   * (queue, inflight_key), nulls apart, is what forbids it: the second of the two claims fails, and is
   * repeated with a new snapshot.
   *
   * On PostgreSQL a claim is ONE statement that commits by itself and skips rows that others have
   * locked. On H2 it is a query and a batch of updates in one transaction, each update bound to the
   * epoch that the query saw: told to skip locked rows, H2 locks all that are due before it limits
   * them. A batch that changed nothing has met a claimer in another process and is repeated; those of
   * one process pass a turnstile.
   *
   * What a paused process has locked
   * --------------------------------
   *
   * Between two exchanges of a claim, a settlement or a renewal on PostgreSQL: nothing, each is one
   * exchange. (An answer bigger than the buffers of the sockets waits for the client to read it, with
   * the claim not yet committed.) While it moves a message to the dead letters or back, or stores a
   * batch: that message, or rows that nobody sees yet. Others skip locked rows, so in each case it holds
   * up these messages and those behind them of their keys, until it goes on or its connection ends.
   * On H2 a claim that was taken as far as its updates holds up other claimers too; embedded, they are
   * in the same process and paused with it.
   *
   * Costs
   * -----
   *
   * A claim walks the rows of the queue in the order of seq and stops when it has enough. With a backlog
   * of 100,000 messages a claim of 50 takes about 2 ms on PostgreSQL and 5 ms on H2, all by index. Rows
   * that are not due and stand in front are walked over by each claim; 100,000 of them cost, on PostgreSQL
   * and H2, about 20 and 25 ms if delayed, 35 and 100 ms behind the head of one key, 60 and 200 ms if in
   * flight with a key each, 140 and 110 ms if parked. Before its first statistics, which come with the first minute of traffic,
   * PostgreSQL sorts the backlog for each claim instead.
   *
   * "inflight_key > ''" says "not null" in the one way that both databases answer from the index, and
   * COALESCE keeps a row without key from being compared with all others without key.
   */

  private static final String COLUMNS =
      "q.seq, q.epoch, q.attempts, q.attempts_base, q.message_id, q.ordering_key, q.headers,"
          + " q.payload, q.ttl_nanos, q.sent_at, {now} AS now_at";

  private static final String DUE =
      """
       FROM ashlar_queue q
      WHERE q.queue = ? AND q.visible_at <= {now}
        AND (q.ordering_key IS NULL
          OR q.inflight_key IS NOT NULL
          OR (q.ordering_key NOT IN (
                SELECT f.inflight_key FROM ashlar_queue f
                WHERE f.queue = ? AND f.inflight_key > '')
            AND NOT EXISTS (
                SELECT 1 FROM ashlar_queue h
                WHERE h.queue = q.queue AND h.ordering_key = COALESCE(q.ordering_key, '')
                  AND h.seq < q.seq){unparked}))
      ORDER BY q.queue, q.seq
      LIMIT ?
      """;

  private static final String BEHIND_A_DEAD_LETTER =
      """
      EXISTS (
                SELECT 1 FROM ashlar_queue_dead d
                WHERE d.queue = q.queue AND d.ordering_key = COALESCE(q.ordering_key, '')
                  AND d.place < q.seq)\
      """;

  private static final String DOOM =
      "q.expires_at <= {now} AS expired, q.attempts - q.attempts_base >= ? AS spent,"
          + " q.owned AS lapsed";

  /** An owner that neither settled nor renewed has failed, as one that said so. */
  private static final String NOTE_LAPSE =
      """
        first_failure = CASE WHEN owned THEN COALESCE(first_failure, {now}) ELSE first_failure END,
        last_failure = CASE WHEN owned THEN {now} ELSE last_failure END,
        last_cause = CASE WHEN owned THEN 'not settled within its visibility' ELSE last_cause END,
      """;

  private static final String FIND = "SELECT " + COLUMNS + ", " + DOOM + DUE;

  private static final String TAKE =
      "UPDATE ashlar_queue SET "
          + NOTE_LAPSE
          + """
            owned = TRUE, epoch = epoch + 1, attempts = attempts + ?, visible_at = {after},
            inflight_key = ordering_key
          WHERE seq = ? AND epoch = ?
          """;

  private static final String CLAIM =
      "WITH due AS MATERIALIZED (SELECT q.seq, "
          + DOOM
          + DUE
          + """
           FOR UPDATE OF q SKIP LOCKED)
          UPDATE ashlar_queue q SET
          """
          + NOTE_LAPSE
          + """
            owned = TRUE, epoch = q.epoch + 1, visible_at = {after}, inflight_key = q.ordering_key,
            attempts = q.attempts + CASE WHEN due.expired OR due.spent THEN 0 ELSE 1 END
          FROM due
          WHERE q.queue = ? AND q.seq = due.seq
          RETURNING due.expired, due.spent, due.lapsed,
          """
          + COLUMNS;

  private static final String INSERT =
      """
      INSERT INTO ashlar_queue (
        queue, message_id, ordering_key, headers, payload, ttl_nanos,
        sent_at, visible_at, expires_at, owned, epoch, attempts, attempts_base)
      VALUES (?, ?, ?, ?, ?, ?, {now}, {after}, {after}, FALSE, 0, 0, 0)
      """;

  private static final String THIS_DELIVERY = " WHERE queue = ? AND seq = ? AND epoch = ?";

  private static final String DELETE = "DELETE FROM ashlar_queue" + THIS_DELIVERY;

  private static final String RETRY =
      """
      UPDATE ashlar_queue SET
        owned = FALSE, epoch = epoch + 1, visible_at = LEAST({after}, expires_at),
        first_failure = COALESCE(first_failure, {now}), last_failure = {now}, last_cause = ?
      """
          + THIS_DELIVERY;

  private static final String RELEASE =
      """
      UPDATE ashlar_queue SET
        owned = FALSE, epoch = epoch + 1, visible_at = {now}, attempts_base = attempts_base + 1
      """
          + THIS_DELIVERY;

  private static final String RENEW =
      "UPDATE ashlar_queue SET visible_at = {after}" + THIS_DELIVERY;

  private static final String COUNT =
      "SELECT (SELECT COUNT(*) FROM ashlar_queue WHERE queue = ?)"
          + " + (SELECT COUNT(*) FROM ashlar_queue_dead WHERE queue = ?)";

  private static final String DEPTH =
      """
      SELECT COUNT(*), COALESCE(SUM(CASE WHEN owned AND visible_at > {now} THEN 1 ELSE 0 END), 0),
        (SELECT COUNT(*) FROM ashlar_queue_dead WHERE queue = ?)
      FROM ashlar_queue WHERE queue = ?
      """;

  private static final String PARKED =
      "SELECT COUNT(*) FROM ashlar_queue q"
          + " WHERE q.queue = ? AND q.ordering_key > '' AND q.inflight_key IS NULL AND "
          + BEHIND_A_DEAD_LETTER;

  private final String queue;
  private final QueueOptions options;
  private final Dialect dialect;
  private final String find;
  private final String take;
  private final String claim;
  private final String insert;
  private final String retry;
  private final String release;
  private final String renew;
  private final String depth;

  QueueTable(String queue, QueueOptions options, Dialect dialect) {
    this.queue = queue;
    this.options = options;
    this.dialect = dialect;
    find = dialect.sql(find(parks()));
    take = dialect.sql(TAKE);
    claim = dialect.sql(claim(parks()));
    insert = dialect.sql(INSERT);
    retry = dialect.sql(RETRY);
    release = dialect.sql(RELEASE);
    renew = dialect.sql(RENEW);
    depth = dialect.sql(DEPTH);
  }

  /** Returns what finds due rows, on H2. */
  static String find(boolean parks) {
    return due(FIND, parks);
  }

  /** Returns what claims due rows, on PostgreSQL. */
  static String claim(boolean parks) {
    return due(CLAIM, parks);
  }

  private static String due(String template, boolean parks) {
    return template.replace("{unparked}", parks ? " AND NOT " + BEHIND_A_DEAD_LETTER : "");
  }

  /** Returns whether what stands behind a dead letter of its key is parked. */
  boolean parks() {
    return options.deadKey() instanceof DeadKey.Park;
  }

  /** Writes messages, in their order. */
  void insert(Session session, List<Message> messages, Duration delay) throws SQLException {
    try (PreparedStatement statement = session.prepare(insert)) {
      for (Message message : messages) {
        Duration lifetime = options.lifetime();
        Duration ttl = message.timeToLive().orElse(lifetime);
        long expiryMicros = Session.micros(ttl.compareTo(lifetime) < 0 ? ttl : lifetime);
        statement.setString(1, queue);
        int next = StoredMessage.bind(statement, 2, message);
        statement.setLong(next, Math.min(Session.micros(delay), expiryMicros));
        statement.setLong(next + 1, expiryMicros);
        if (messages.size() > 1) {
          statement.addBatch();
        } else {
          statement.executeUpdate();
        }
      }
      if (messages.size() > 1) {
        statement.executeBatch();
      }
    }
  }

  /** Claims what is due; on H2 within a transaction. */
  List<Claimed> claim(Session session, int most) throws SQLException {
    return dialect == Dialect.H2 ? findAndTake(session, most) : claimAtOnce(session, most);
  }

  private List<Claimed> claimAtOnce(Session session, int most) throws SQLException {
    try (PreparedStatement statement = session.prepare(claim)) {
      statement.setInt(1, options.attemptsMax());
      statement.setString(2, queue);
      statement.setString(3, queue);
      statement.setInt(4, most);
      statement.setLong(5, Session.micros(options.visibility()));
      statement.setString(6, queue);
      List<Claimed> claimed = read(statement);
      claimed.sort(Comparator.comparingLong(Claimed::seq));
      return claimed;
    }
  }

  private List<Claimed> findAndTake(Session session, int most) throws SQLException {
    List<Claimed> found;
    try (PreparedStatement statement = session.prepare(find)) {
      statement.setInt(1, options.attemptsMax());
      statement.setString(2, queue);
      statement.setString(3, queue);
      statement.setInt(4, most);
      found = read(statement);
    }
    if (found.isEmpty()) {
      return found;
    }
    try (PreparedStatement statement = session.prepare(take)) {
      for (Claimed row : found) {
        statement.setInt(1, row.isDoomed() ? 0 : 1);
        statement.setLong(2, Session.micros(options.visibility()));
        statement.setLong(3, row.seq());
        statement.setLong(4, row.epoch());
        statement.addBatch();
      }
      int[] changed = statement.executeBatch();
      if (Arrays.stream(changed).sum() == 0) {
        // Others took all of them since the query: the same as a collision, and worth another look.
        throw new SQLException("claimed by others", "40001");
      }
      List<Claimed> claimed = new ArrayList<>();
      for (int i = 0; i < changed.length; i++) {
        if (changed[i] == 1) {
          claimed.add(found.get(i).taken());
        }
      }
      return claimed;
    }
  }

  private static List<Claimed> read(PreparedStatement statement) throws SQLException {
    List<Claimed> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(Claimed.read(row));
      }
    }
    return rows;
  }

  /** Removes a message that was handled. */
  boolean delete(Session session, Claimed row) throws SQLException {
    try (PreparedStatement statement = session.prepare(DELETE)) {
      return changes(statement, 1, row);
    }
  }

  /** Gives a message back that failed; it keeps its place before others of its key. */
  boolean retry(Session session, Claimed row, Duration delay, String cause) throws SQLException {
    try (PreparedStatement statement = session.prepare(retry)) {
      statement.setLong(1, Session.micros(delay));
      statement.setString(2, StoredMessage.storable(cause));
      return changes(statement, 3, row);
    }
  }

  /** Gives a message back that was not tried. */
  boolean release(Session session, Claimed row) throws SQLException {
    try (PreparedStatement statement = session.prepare(release)) {
      return changes(statement, 1, row);
    }
  }

  /** Moves the end of an ownership. */
  boolean renew(Session session, Claimed row) throws SQLException {
    try (PreparedStatement statement = session.prepare(renew)) {
      statement.setLong(1, Session.micros(options.visibility()));
      return changes(statement, 2, row);
    }
  }

  private boolean changes(PreparedStatement statement, int index, Claimed row) throws SQLException {
    statement.setString(index, queue);
    statement.setLong(index + 1, row.seq());
    statement.setLong(index + 2, row.epoch());
    return statement.executeUpdate() == 1;
  }

  /** Returns how many more messages fit, dead letters counted. */
  long free(Session session) throws SQLException {
    try (PreparedStatement statement = session.prepare(COUNT)) {
      statement.setString(1, queue);
      statement.setString(2, queue);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return options.capacity() - row.getLong(1);
      }
    }
  }

  /** Returns how many messages wait, are owned, are dead and are parked. */
  Depth depth(Session session) throws SQLException {
    long parked = parks() ? parked(session) : 0;
    try (PreparedStatement statement = session.prepare(depth)) {
      statement.setString(1, queue);
      statement.setString(2, queue);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long owned = row.getLong(2);
        // Two looks at a queue that others use may see different moments.
        long waiting = Math.max(0, row.getLong(1) - owned - parked);
        return new Depth(waiting, owned, row.getLong(3), parked);
      }
    }
  }

  private long parked(Session session) throws SQLException {
    try (PreparedStatement statement = session.prepare(PARKED)) {
      statement.setString(1, queue);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
