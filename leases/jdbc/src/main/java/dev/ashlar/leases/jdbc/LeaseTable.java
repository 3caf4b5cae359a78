package dev.ashlar.leases.jdbc;

import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/*
 * One row for each name, for ever:
 *
 *   name   token             owner, nonce          expires_at
 *   PK     of the last grant of the last grant     of the last grant; long ago once it was released
 *
 * A row may be had by
 *   - the nonce in it, while it lasts: a repeated request, which keeps the token;
 *   - another nonce, once it is over: a new grant, token + 1.
 * So a nonce whose grant is over gets nothing any more, and a late copy of a request finds its nonce
 * spent, or somebody else's in the row.
 *
 * The moment is the database's, and is looked at when the row is locked; see Dialect.
 */

/** The statements over the table of leases. Each is a transaction. */
final class LeaseTable {

  private static final String LONG_AGO = "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'";

  private static final String MAY_HAVE =
      "((%1$s = %2$s AND %3$s > {now}) OR (%1$s <> %2$s AND %3$s <= {now}))";

  private static final String GRANT_POSTGRESQL =
      "INSERT INTO ashlar_lease AS l (name, token, owner, nonce, expires_at)"
          + " VALUES (?, ?, ?, ?, {after}) ON CONFLICT (name) DO UPDATE SET"
          + " token = CASE WHEN l.nonce = EXCLUDED.nonce THEN l.token"
          + " ELSE GREATEST(l.token + 1, EXCLUDED.token) END,"
          + " owner = EXCLUDED.owner, nonce = EXCLUDED.nonce, expires_at = EXCLUDED.expires_at"
          + " WHERE "
          + String.format(MAY_HAVE, "l.nonce", "EXCLUDED.nonce", "l.expires_at")
          + " RETURNING token";

  private static final String GRANT_H2 =
      "SELECT token FROM FINAL TABLE (UPDATE ashlar_lease SET"
          + " token = CASE WHEN nonce = ? THEN token ELSE GREATEST(token + 1, ?) END,"
          + " owner = ?, nonce = ?, expires_at = {after} WHERE name = ? AND "
          + String.format(MAY_HAVE, "nonce", "?", "expires_at")
          + ")";

  /** Nobody has ever had it: a grant that was over long ago. */
  private static final String PREPARE_H2 =
      "INSERT INTO ashlar_lease (name, token, owner, nonce, expires_at) VALUES (?, 0, '', '', "
          + LONG_AGO
          + ")";

  private static final String EXTEND =
      "UPDATE ashlar_lease SET expires_at = {after}"
          + " WHERE name = ? AND token = ? AND nonce = ? AND expires_at > {now}";

  private static final String RELEASE =
      "UPDATE ashlar_lease SET expires_at = " + LONG_AGO + " WHERE name = ? AND nonce = ?";

  private static final String EXISTS = "SELECT 1 FROM ashlar_lease WHERE name = ?";

  private static final String CURRENT =
      "SELECT token, owner, nonce, {left} FROM ashlar_lease"
          + " WHERE name = ? AND expires_at > {now}";

  private final long tokensAbove;

  LeaseTable(long tokensAbove) {
    this.tokensAbove = tokensAbove;
  }

  /** Returns the token, unless somebody else has the lease or the nonce is spent. */
  Optional<Long> grantOnPostgresql(Database.Lent lent, Contender contender, Duration term)
      throws SQLException {
    try (PreparedStatement statement = lent.prepare(GRANT_POSTGRESQL)) {
      statement.setString(1, contender.lease().value());
      statement.setLong(2, tokensAbove + 1);
      statement.setString(3, contender.owner());
      statement.setString(4, contender.nonce());
      statement.setLong(5, Database.micros(term));
      return token(statement);
    }
  }

  /** H2 has no insert that turns into an update; the row is made once, and then only updated. */
  Optional<Long> grantOnH2(Database.Lent lent, Contender contender, Duration term)
      throws SQLException {
    Optional<Long> token = updateOnH2(lent, contender, term);
    if (token.isPresent() || exists(lent, contender.lease())) {
      return token;
    }
    try (PreparedStatement statement = lent.prepare(PREPARE_H2)) {
      statement.setString(1, contender.lease().value());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicateKey(e)) {
        throw e;
      }
    }
    return updateOnH2(lent, contender, term);
  }

  private Optional<Long> updateOnH2(Database.Lent lent, Contender contender, Duration term)
      throws SQLException {
    try (PreparedStatement statement = lent.prepare(GRANT_H2)) {
      statement.setString(1, contender.nonce());
      statement.setLong(2, tokensAbove + 1);
      statement.setString(3, contender.owner());
      statement.setString(4, contender.nonce());
      statement.setLong(5, Database.micros(term));
      statement.setString(6, contender.lease().value());
      statement.setString(7, contender.nonce());
      statement.setString(8, contender.nonce());
      return token(statement);
    }
  }

  private static Optional<Long> token(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
    }
  }

  private static boolean exists(Database.Lent lent, LeaseName name) throws SQLException {
    try (PreparedStatement statement = lent.prepare(EXISTS)) {
      statement.setString(1, name.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  boolean extend(Database.Lent lent, Fence fence, Duration term) throws SQLException {
    try (PreparedStatement statement = lent.prepare(EXTEND)) {
      statement.setLong(1, Database.micros(term));
      statement.setString(2, fence.lease().value());
      statement.setLong(3, fence.token().value());
      statement.setString(4, fence.holder().nonce());
      return statement.executeUpdate() == 1;
    }
  }

  boolean release(Database.Lent lent, Contender contender) throws SQLException {
    try (PreparedStatement statement = lent.prepare(RELEASE)) {
      statement.setString(1, contender.lease().value());
      statement.setString(2, contender.nonce());
      return statement.executeUpdate() == 1;
    }
  }

  /** Returns who has the lease, if anybody has. */
  Optional<Grant> current(Database.Lent lent, LeaseName name) throws SQLException {
    try (PreparedStatement statement = lent.prepare(CURRENT)) {
      statement.setString(1, name.value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Contender holder = new Contender(name, row.getString(2), row.getString(3));
        Fence fence = new Fence(holder, new FencingToken(row.getLong(1)));
        // The two looks at the clock in one statement may differ, and the second one is later.
        long leftMicros = Math.max(0, row.getLong(4));
        return Optional.of(new Grant(fence, Duration.ofNanos(leftMicros * 1000)));
      }
    }
  }
}
