package dev.ashlar.messaging.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * An inbox in a table of the database that the work writes to.
 *
 * <p><b>Guarantees.</b> As {@link Inbox} says. A transaction that meets the id of one that has not
 * ended waits for its end, and then finds a duplicate or runs the work itself; on H2 it gives up
 * after the connection's {@code LOCK_TIMEOUT}.
 *
 * <p><b>Not guaranteed.</b> Retention by the clock of whoever sent the message: ids are dated by
 * this database, so leave room for the difference of the clocks beyond the horizon.
 *
 * <p><b>Failures.</b> What the work throws. {@link BackendException} with no effect, because
 * nothing is committed: transient if another transaction held the id for too long, or the
 * transaction is serializable and lost against another.
 *
 * <p><b>Threads.</b> Safe; a transaction belongs to one thread.
 *
 * <p><b>Limits.</b> Waits of 30 s for another transaction on PostgreSQL.
 *
 * <pre>{@code
 * Duration horizon = queue.guarantees().redeliveryHorizon();
 * InboxOptions options = new InboxOptions("billing", horizon.plusDays(1), horizon);
 * JdbcInbox inbox = JdbcInbox.of(source, options, Observer.none());
 * }</pre>
 */
public final class JdbcInbox implements Inbox<Connection> {

  /*
   * ashlar_inbox
   * ------------
   *
   *   consumer, message_id   the key: that there can be one is the whole guarantee
   *   body_hash              SHA-256 of the body
   *   result                 what the work returned, encoded
   *   recorded_at            when, by this database's clock
   *
   *   SAVEPOINT              so that failing work takes the row with it, whatever its caller commits
   *   INSERT                 waits while another transaction has the same id in hand
   *     nothing inserted     the other one committed: SELECT its hash and result
   *     inserted             run the work, UPDATE the result if there is one
   *   RELEASE, or ROLLBACK TO SAVEPOINT if the work failed
   *
   * On PostgreSQL a duplicate key aborts the whole transaction, so the insert says ON CONFLICT DO
   * NOTHING. On H2 it undoes the insert only, and is caught.
   *
   * Named steps, all within the caller's transaction:
   *
   *   inbox.recorded   the id is written, the work has not begun
   *   inbox.worked     the work is done, its result is not written
   *   inbox.ended      all is written, nothing is committed
   */

  private static final Duration WAIT_MAX = Duration.ofSeconds(30);

  private static final String INSERT =
      """
      INSERT INTO ashlar_inbox (consumer, message_id, body_hash, result, recorded_at)
      VALUES (?, ?, ?, ?, {now})
      """;

  private static final String INSERT_OR_NOTHING = INSERT + " ON CONFLICT DO NOTHING";

  private static final String THIS_ID = " WHERE consumer = ? AND message_id = ?";

  private static final String RECORD = "UPDATE ashlar_inbox SET result = ?" + THIS_ID;

  private static final String RECALL = "SELECT body_hash, result FROM ashlar_inbox" + THIS_ID;

  private static final String CLEAN_H2 =
      "DELETE FROM ashlar_inbox WHERE consumer = ? AND recorded_at < {after}"
          + " FETCH FIRST ? ROWS ONLY";

  private static final String CLEAN_POSTGRESQL =
      """
      DELETE FROM ashlar_inbox WHERE (consumer, message_id) IN (
        SELECT consumer, message_id FROM ashlar_inbox
        WHERE consumer = ? AND recorded_at < {after}
        ORDER BY recorded_at LIMIT ? FOR UPDATE SKIP LOCKED)
      """;

  private final Database database;
  private final InboxOptions options;
  private final Observer observer;
  private final String insert;
  private final String clean;

  private JdbcInbox(Database database, InboxOptions options, Observer observer) {
    this.database = database;
    this.options = options;
    this.observer = observer;
    Dialect dialect = database.dialect();
    insert = dialect.choose(INSERT, INSERT_OR_NOTHING);
    clean = dialect.choose(CLEAN_H2, CLEAN_POSTGRESQL);
  }

  /**
   * Opens an inbox whose table is there.
   *
   * @param source the database of the transactions; used for cleaning up, and asked once what it is
   * @throws BackendException if the database does not answer
   */
  public static JdbcInbox of(DataSource source, InboxOptions options, Observer observer) {
    requireNonNull(options, "options");
    requireNonNull(observer, "observer");
    return new JdbcInbox(Database.of(requireNonNull(source, "source")), options, observer);
  }

  @Override
  public <R, X extends Exception> Once<R> once(
      Connection tx, MessageId id, Bytes body, Codec<R> codec, Work<R, X> work) throws X {
    Bytes hash = hash(body);
    Savepoint before = begin(tx);
    if (!insert(tx, id, hash)) {
      end(tx, before);
      return recall(tx, id, hash, codec);
    }
    R result;
    try {
      observer.step("inbox.recorded");
      result = work.run();
      observer.step("inbox.worked");
      record(tx, id, codec.encode(result));
      observer.step("inbox.ended");
    } catch (Throwable t) {
      undo(tx, before, t);
      throw t;
    }
    end(tx, before);
    return new Once.Ran<>(result);
  }

  private Savepoint begin(Connection tx) {
    try {
      if (tx.getAutoCommit()) {
        throw new IllegalStateException(
            "tx: commits each statement (expected: a transaction; setAutoCommit(false))");
      }
      return tx.setSavepoint();
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what("savepoint"), e);
    }
  }

  private boolean insert(Connection tx, MessageId id, Bytes hash) {
    try (PreparedStatement statement = prepare(tx, insert)) {
      statement.setString(1, options.consumer());
      statement.setString(2, id.value());
      statement.setBytes(3, hash.toArray());
      statement.setBytes(4, new byte[0]);
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      if (database.dialect() == Dialect.H2 && SqlFailure.isDuplicateKey(e)) {
        return false;
      }
      throw SqlFailure.beforeCommit(what("insert"), e);
    }
  }

  /** An empty result is there already. */
  private void record(Connection tx, MessageId id, Bytes result) {
    if (result.isEmpty()) {
      return;
    }
    if (result.size() > RESULT_MAX_BYTES) {
      throw new IllegalArgumentException(
          "result: " + result.size() + " bytes (expected: at most " + RESULT_MAX_BYTES + ")");
    }
    try (PreparedStatement statement = prepare(tx, RECORD)) {
      statement.setBytes(1, result.toArray());
      statement.setString(2, options.consumer());
      statement.setString(3, id.value());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what("record"), e);
    }
  }

  private <R> Once<R> recall(Connection tx, MessageId id, Bytes hash, Codec<R> codec) {
    Optional<Recorded> recorded = recorded(tx, id);
    if (recorded.isEmpty()) {
      // Cleaned up between the two statements, or out of sight of a snapshot that is older.
      throw new BackendException(
          what("read: id is gone"), Effect.NONE, new Advice.Transient(), null);
    }
    if (!hash.equals(recorded.get().hash())) {
      observer.count("inbox.conflict", 1);
      return new Once.Conflict<>();
    }
    observer.count("inbox.duplicate", 1);
    return new Once.Duplicate<>(codec.decode(recorded.get().result()));
  }

  private Optional<Recorded> recorded(Connection tx, MessageId id) {
    try (PreparedStatement statement = prepare(tx, RECALL)) {
      statement.setString(1, options.consumer());
      statement.setString(2, id.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Recorded(Bytes.owning(row.getBytes(1)), Bytes.owning(row.getBytes(2))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what("read"), e);
    }
  }

  private PreparedStatement prepare(Connection tx, String sql) throws SQLException {
    PreparedStatement statement = tx.prepareStatement(sql);
    if (database.dialect() == Dialect.POSTGRESQL) {
      statement.setQueryTimeout(Session.seconds(WAIT_MAX));
    }
    return statement;
  }

  private void end(Connection tx, Savepoint before) {
    try {
      tx.releaseSavepoint(before);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what("release"), e);
    }
  }

  /** If this fails too, the transaction can no longer commit what the work has left. */
  private static void undo(Connection tx, Savepoint before, Throwable because) {
    try {
      tx.rollback(before);
    } catch (SQLException e) {
      because.addSuppressed(e);
      Database.rollBack(tx, because);
    }
  }

  private static Bytes hash(Bytes body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body.asBuffer());
      return Bytes.owning(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: every Java platform has it)", e);
    }
  }

  @Override
  public int cleanUp(int most, Deadline deadline) throws InterruptedException {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + " (expected: above 0)");
    }
    return database.statement(
        what("clean up"),
        deadline,
        session -> {
          try (PreparedStatement statement = session.prepare(clean)) {
            statement.setString(1, options.consumer());
            statement.setLong(2, -Session.micros(options.retention()));
            statement.setInt(3, most);
            return statement.executeUpdate();
          }
        });
  }

  private String what(String operation) {
    return "inbox " + options.consumer() + ": " + operation;
  }

  private record Recorded(Bytes hash, Bytes result) {}
}
