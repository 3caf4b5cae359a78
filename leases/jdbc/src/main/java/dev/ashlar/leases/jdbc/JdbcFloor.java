package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.OtherLeaseException;
import dev.ashlar.leases.guard.Standing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The floor of a guard in a table beside the data that it guards, on H2, PostgreSQL or MariaDB.
 *
 * <p><b>Guarantees.</b> As {@link Floor}. The check locks the floor's row until the writer's
 * transaction ends, so a claim waits for it; on PostgreSQL and MariaDB the lock is shared, and
 * writers of one holder do not wait for each other. There a transaction whose snapshot is older
 * than the claim is refused, because it would not see what the former holder wrote last.
 *
 * <p><b>Not guaranteed.</b> That on H2 writers of one holder run side by side: it knows no shared
 * row lock, so they take turns. Nor that H2 refuses a transaction that has read data before its
 * check: at REPEATABLE READ each of its tables has a snapshot of its own. Nor anything where
 * several servers take writes, as in a Galera cluster: none knows the row locks of the others, so
 * claims and writes have to reach one of them, the same for all.
 *
 * <p><b>Failures.</b> {@link Standing.Unknown} where the database does not answer, or the floor's
 * row is not as it was written, which somebody has to look at. {@link IllegalStateException} for a
 * connection that commits each statement, and for a resource that was claimed under another lease.
 *
 * <p><b>Threads.</b> Safe if the data source is.
 *
 * <p><b>Limits.</b> A writer that is paused after the check has the floor's row, and what it wrote,
 * locked, and holds up its successor's claim. PostgreSQL ends its transaction after {@code
 * pauseMax}, 10 s unless told otherwise, unless the session has an idle limit already. H2 has no
 * such limit, and MariaDB none that a transaction can set for itself alone, so there the claim's
 * deadline is the only one, until the writer's connection is gone; on MariaDB {@code
 * idle_transaction_timeout} in the server's settings or the driver's URL is one.
 *
 * <pre>{@code
 * Guard<Connection> guard = Guard.over(JdbcFloor.of(source), Observer.none());
 * Claim<Connection> claim = guard.claim("accounts", lease, deadline).orThrow();
 * transaction(tx -> claim.write(tx, () -> settle(tx)).orThrow());
 * }</pre>
 */
public final class JdbcFloor implements Floor<Connection> {

  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

  private static final String INSERT =
      "INSERT INTO ashlar_fence_floor (lease, token, owner, nonce, resource)"
          + " VALUES (?, ?, ?, ?, ?)";

  private static final String RAISE_POSTGRESQL =
      "INSERT INTO ashlar_fence_floor AS f (lease, token, owner, nonce, resource)"
          + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (resource) DO UPDATE SET"
          + " token = EXCLUDED.token, owner = EXCLUDED.owner, nonce = EXCLUDED.nonce"
          + " WHERE f.lease = EXCLUDED.lease AND f.token < EXCLUDED.token";

  private static final String RAISE_H2 =
      "UPDATE ashlar_fence_floor SET lease = ?, token = ?, owner = ?, nonce = ?"
          + " WHERE resource = ? AND lease = ? AND token < ?";

  /** Assigned from left to right, so what the others look at comes last. */
  private static final String RAISE_MARIADB =
      INSERT
          + " ON DUPLICATE KEY UPDATE"
          + " owner = IF(lease = VALUES(lease) AND token < VALUES(token), VALUES(owner), owner),"
          + " nonce = IF(lease = VALUES(lease) AND token < VALUES(token), VALUES(nonce), nonce),"
          + " token = IF(lease = VALUES(lease) AND token < VALUES(token), VALUES(token), token)"
          + " RETURNING lease, token, owner, nonce";

  private static final String CURRENT =
      "SELECT lease, token, owner, nonce FROM ashlar_fence_floor WHERE resource = ?";

  /** The server counts a pause from the last statement, and only in this transaction. */
  private static final String CHECK_POSTGRESQL =
      "SELECT lease, token, owner, nonce, set_config('idle_in_transaction_session_timeout',"
          + " CASE current_setting('idle_in_transaction_session_timeout') WHEN '0' THEN ?"
          + " ELSE current_setting('idle_in_transaction_session_timeout') END, true)"
          + " FROM ashlar_fence_floor WHERE resource = ? FOR SHARE";

  /**
   * The row is read as it is now, and the inner query reads it as the transaction sees everything:
   * in a snapshot, at InnoDB's usual isolation, which may be older.
   */
  private static final String CHECK_MARIADB =
      "SELECT lease, token, owner, nonce,"
          + " (SELECT s.nonce FROM ashlar_fence_floor s WHERE s.resource = ?)"
          + " FROM ashlar_fence_floor WHERE resource = ? LOCK IN SHARE MODE";

  private final Database database;
  private final Duration pauseMax;

  private JdbcFloor(Database database, Duration pauseMax) {
    this.database = database;
    this.pauseMax = pauseMax;
  }

  /**
   * Returns the floor in the tables of a database.
   *
   * @param source of the database that the data are in
   */
  public static JdbcFloor of(DataSource source) {
    return new JdbcFloor(Database.of(requireNonNull(source, "source")), PAUSE_MAX);
  }

  /** Returns this floor with another bound on a writer's pause, 1 ms to a day. */
  public JdbcFloor withPauseMax(Duration changed) {
    if (changed.compareTo(Duration.ofMillis(1)) < 0 || changed.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("pauseMax: " + changed + " (expected: PT0.001S to PT24H)");
    }
    return new JdbcFloor(database, changed);
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    if (!IdSource.isWellFormed(resource)) {
      throw new IllegalArgumentException(
          "resource: "
              + resource.length()
              + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    Optional<Fence> after;
    try {
      after = database.run("floor: claim", deadline, lent -> raised(lent, resource, fence));
    } catch (BackendException e) {
      return new Standing.Unknown(e);
    }
    return standing(resource, fence, after);
  }

  /** Raises the floor if it is lower, and returns it. */
  private Optional<Fence> raised(Database.Lent lent, String resource, Fence fence)
      throws SQLException {
    return switch (database.dialect()) {
      case H2 -> raiseOnH2(lent, resource, fence);
      case POSTGRESQL ->
          change(lent, RAISE_POSTGRESQL, resource, fence) > 0
              ? Optional.of(fence)
              : current(lent, resource);
      case MARIADB -> {
        try (PreparedStatement statement = prepared(lent, RAISE_MARIADB, resource, fence)) {
          yield fence(statement);
        }
      }
    };
  }

  /** The row may come between any two of these statements, and then is there for the last one. */
  private static Optional<Fence> raiseOnH2(Database.Lent lent, String resource, Fence fence)
      throws SQLException {
    if (change(lent, RAISE_H2, resource, fence) > 0) {
      return Optional.of(fence);
    }
    Optional<Fence> floor = current(lent, resource);
    if (floor.filter(up -> up.token().compareTo(fence.token()) >= 0).isPresent()) {
      return floor;
    }
    if (floor.isEmpty() && insertOnH2(lent, resource, fence)) {
      return Optional.of(fence);
    }
    return change(lent, RAISE_H2, resource, fence) > 0
        ? Optional.of(fence)
        : current(lent, resource);
  }

  private static boolean insertOnH2(Database.Lent lent, String resource, Fence fence)
      throws SQLException {
    try {
      return change(lent, INSERT, resource, fence) > 0;
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicateKey(e)) {
        throw e;
      }
      return false;
    }
  }

  private static int change(Database.Lent lent, String sql, String resource, Fence fence)
      throws SQLException {
    try (PreparedStatement statement = prepared(lent, sql, resource, fence)) {
      return statement.executeUpdate();
    }
  }

  private static PreparedStatement prepared(
      Database.Lent lent, String sql, String resource, Fence fence) throws SQLException {
    PreparedStatement statement = lent.prepare(sql);
    statement.setString(1, fence.lease().value());
    statement.setLong(2, fence.token().value());
    statement.setString(3, fence.holder().owner());
    statement.setString(4, fence.holder().nonce());
    statement.setString(5, resource);
    if (sql.equals(RAISE_H2)) {
      statement.setString(6, fence.lease().value());
      statement.setLong(7, fence.token().value());
    }
    return statement;
  }

  private static Optional<Fence> current(Database.Lent lent, String resource) throws SQLException {
    try (PreparedStatement statement = lent.prepare(CURRENT)) {
      statement.setString(1, resource);
      return fence(statement);
    }
  }

  @Override
  public Standing check(Connection tx, String resource, Fence fence) {
    try {
      if (tx.getAutoCommit()) {
        throw new IllegalStateException(
            "tx: commits each statement (expected: a transaction, setAutoCommit(false); LEASE-R2)");
      }
      return standing(resource, fence, locked(tx, resource, fence));
    } catch (SQLException e) {
      return new Standing.Unknown(SqlFailure.beforeCommit("floor: check", e));
    }
  }

  private Optional<Fence> locked(Connection tx, String resource, Fence fence) throws SQLException {
    String sql =
        switch (database.dialect()) {
          case H2 -> CURRENT + " FOR UPDATE";
          case POSTGRESQL -> CHECK_POSTGRESQL;
          case MARIADB -> CHECK_MARIADB;
        };
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      statement.setString(1, resource);
      if (database.dialect() == Dialect.POSTGRESQL) {
        statement.setString(1, Database.millis(pauseMax) + "ms");
        statement.setString(2, resource);
      } else if (database.dialect() == Dialect.MARIADB) {
        statement.setString(2, resource);
      }
      if (database.dialect() != Dialect.H2) {
        // A claim that waits for another writer's pause may be in the way.
        statement.setQueryTimeout(Database.seconds(pauseMax.multipliedBy(2)));
      }
      return database.dialect() == Dialect.MARIADB ? seen(statement, fence) : fence(statement);
    }
  }

  /** Returns the floor, unless it is the writer's and the transaction does not see it. */
  private static Optional<Fence> seen(PreparedStatement statement, Fence writer)
      throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      Fence floor = fence(row);
      if (floor.equals(writer) && !writer.holder().nonce().equals(row.getString(5))) {
        throw new SQLException("the transaction's snapshot is older than the claim", "40001");
      }
      return Optional.of(floor);
    }
  }

  private static Optional<Fence> fence(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(fence(row)) : Optional.empty();
    }
  }

  /** A row that somebody has changed is an error like others of the database, and no floor. */
  private static Fence fence(ResultSet row) throws SQLException {
    try {
      LeaseName lease = new LeaseName(row.getString(1));
      Contender holder = new Contender(lease, row.getString(3), row.getString(4));
      return new Fence(holder, new FencingToken(row.getLong(2)));
    } catch (IllegalArgumentException e) {
      throw new SQLException("the row is no floor", "22000", e);
    }
  }

  private static Standing standing(String resource, Fence fence, Optional<Fence> floor) {
    if (floor.isPresent() && !floor.get().lease().equals(fence.lease())) {
      throw new OtherLeaseException(resource, fence.lease(), floor.map(Fence::lease));
    }
    return floor.equals(Optional.of(fence)) ? new Standing.Level() : new Standing.Differs(floor);
  }
}
