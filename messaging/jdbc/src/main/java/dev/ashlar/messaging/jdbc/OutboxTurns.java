package dev.ashlar.messaging.jdbc;

import dev.ashlar.messaging.outbox.OutboxStore.Turn;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The one row that says which relay has the turn; its layout is drawn in {@link OutboxTable}. */
final class OutboxTurns {

  /** A turn that is over gets a new epoch even if its last holder takes it again. */
  private static final String NEXT_EPOCH =
      "epoch = CASE WHEN t.relay = %s AND t.until_at > {now} THEN t.epoch ELSE t.epoch + 1 END";

  private static final String TAKE_POSTGRESQL =
      "INSERT INTO ashlar_outbox_turn AS t (outbox, relay, epoch, until_at)"
          + " VALUES (?, ?, 1, {after}) ON CONFLICT (outbox) DO UPDATE SET "
          + String.format(NEXT_EPOCH, "EXCLUDED.relay")
          + ", relay = EXCLUDED.relay, until_at = EXCLUDED.until_at"
          + " WHERE t.relay = EXCLUDED.relay OR t.until_at <= {now} RETURNING t.epoch";

  private static final String TAKE_H2 =
      "UPDATE ashlar_outbox_turn t SET "
          + String.format(NEXT_EPOCH, "?")
          + ", relay = ?, until_at = {after} WHERE outbox = ? AND (relay = ? OR until_at <= {now})";

  /** Nobody has ever had it: a turn that was over long ago. */
  private static final String PREPARE_H2 =
      "INSERT INTO ashlar_outbox_turn (outbox, relay, epoch, until_at)"
          + " SELECT CAST(? AS VARCHAR(64)), '', 0, {now} WHERE NOT EXISTS"
          + " (SELECT 1 FROM ashlar_outbox_turn WHERE outbox = ?)";

  private static final String EPOCH_H2 =
      "SELECT epoch FROM ashlar_outbox_turn WHERE outbox = ? AND relay = ?";

  private static final String GIVE_BACK =
      "UPDATE ashlar_outbox_turn SET until_at = {now}"
          + " WHERE outbox = ? AND relay = ? AND epoch = ?";

  private final String outbox;
  private final Dialect dialect;

  OutboxTurns(String outbox, Dialect dialect) {
    this.outbox = outbox;
    this.dialect = dialect;
  }

  /**
   * Takes or keeps the turn, in a transaction on H2; returns its epoch unless another relay has it.
   */
  Optional<Long> take(Session session, String relay, Duration term) throws SQLException {
    return dialect == Dialect.H2
        ? takeInSteps(session, relay, term)
        : takeAtOnce(session, relay, term);
  }

  private Optional<Long> takeAtOnce(Session session, String relay, Duration term)
      throws SQLException {
    try (PreparedStatement statement = session.prepare(dialect.sql(TAKE_POSTGRESQL))) {
      statement.setString(1, outbox);
      statement.setString(2, relay);
      statement.setLong(3, Session.micros(term));
      return epoch(statement);
    }
  }

  private Optional<Long> takeInSteps(Session session, String relay, Duration term)
      throws SQLException {
    try (PreparedStatement statement = session.prepare(dialect.sql(PREPARE_H2))) {
      statement.setString(1, outbox);
      statement.setString(2, outbox);
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicateKey(e)) {
        throw e;
      }
    }
    try (PreparedStatement statement = session.prepare(dialect.sql(TAKE_H2))) {
      statement.setString(1, relay);
      statement.setString(2, relay);
      statement.setLong(3, Session.micros(term));
      statement.setString(4, outbox);
      statement.setString(5, relay);
      if (statement.executeUpdate() == 0) {
        return Optional.empty();
      }
    }
    try (PreparedStatement statement = session.prepare(EPOCH_H2)) {
      statement.setString(1, outbox);
      statement.setString(2, relay);
      return epoch(statement);
    }
  }

  private static Optional<Long> epoch(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
    }
  }

  boolean giveBack(Session session, Turn turn) throws SQLException {
    try (PreparedStatement statement = session.prepare(dialect.sql(GIVE_BACK))) {
      statement.setString(1, outbox);
      statement.setString(2, turn.relay());
      statement.setLong(3, turn.epoch());
      return statement.executeUpdate() == 1;
    }
  }
}
