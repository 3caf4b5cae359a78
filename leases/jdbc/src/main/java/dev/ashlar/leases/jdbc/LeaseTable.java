package dev.ashlar.leases.jdbc;

import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

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
 *
 * Statements, each a round trip and a transaction:
 *
 *   grant, done                     1; 3 for the first one ever of a name
 *   grant, refused                  2
 *   extend, release, done           1
 *   extend, release, refused        2
 *   extend up to 1,000, all done    1
 *   the same, some not done         2
 *   inspect                         1
 *
 * On H2 two more set the lock's timeout and set it back. On PostgreSQL a request that is refused
 * changes nothing, not even by locking the row, so those who wait cost the holder nothing; and an
 * update costs the server a seventh less than an insert that turns into one.
 */

/** The statements over the table of leases. Each is a transaction. */
final class LeaseTable {

  private static final String UPDATE =
      "UPDATE ashlar_lease SET token = %s, owner = ?, nonce = ?, expires_at = {after}"
          + " WHERE name = ? AND ((nonce = ? AND expires_at > {now})"
          + " OR (nonce <> ? AND expires_at <= {now}))";

  private static final String NEXT =
      "CASE WHEN nonce = ? THEN token ELSE GREATEST(token + 1, ?) END";

  private static final String GRANT_POSTGRESQL = String.format(UPDATE, NEXT) + " RETURNING token";

  private static final String GRANT_H2 =
      "SELECT token FROM FINAL TABLE (" + String.format(UPDATE, NEXT) + ")";

  /** What is called the last inserted id is answered with the update, and is the token. */
  private static final String GRANT_MARIADB = String.format(UPDATE, "LAST_INSERT_ID(" + NEXT + ")");

  private static final String FIRST =
      "INSERT INTO ashlar_lease (name, token, owner, nonce, expires_at)"
          + " VALUES (?, ?, ?, ?, {after})";

  private static final String EXTEND =
      "UPDATE ashlar_lease SET expires_at = {after}"
          + " WHERE name = ? AND token = ? AND nonce = ? AND expires_at > {now}";

  private static final String RELEASE =
      "UPDATE ashlar_lease SET expires_at = {long ago} WHERE name = ? AND nonce = ?";

  private static final String LAST =
      "SELECT token, owner, nonce, {left} FROM ashlar_lease WHERE name = ?";

  private final Dialect dialect;
  private final long tokensAbove;
  private final String grant;
  private final String first;
  private final String extend;
  private final String release;
  private final String last;

  LeaseTable(Dialect dialect, long tokensAbove) {
    this.dialect = dialect;
    this.tokensAbove = tokensAbove;
    this.grant =
        dialect.sql(
            switch (dialect) {
              case H2 -> GRANT_H2;
              case POSTGRESQL -> GRANT_POSTGRESQL;
              case MARIADB -> GRANT_MARIADB;
            });
    this.first = dialect.sql(FIRST);
    this.extend = dialect.sql(EXTEND);
    this.release = dialect.sql(RELEASE);
    this.last = dialect.sql(LAST);
  }

  /** The last grant of a lease, as its row has it. */
  record Last(long token, String owner, String nonce, long leftMicros) {

    /** Reads it from four columns. */
    static Last of(ResultSet row, int from) throws SQLException {
      return new Last(
          row.getLong(from),
          row.getString(from + 1),
          row.getString(from + 2),
          row.getLong(from + 3));
    }

    boolean isOf(Contender contender) {
      return nonce.equals(contender.nonce());
    }

    /** Returns the grant if it lasts. */
    Optional<Grant> current(LeaseName name) {
      if (leftMicros <= 0) {
        return Optional.empty();
      }
      Fence fence = new Fence(new Contender(name, owner, nonce), new FencingToken(token));
      return Optional.of(new Grant(fence, Duration.ofNanos(leftMicros * 1000)));
    }
  }

  Answer<Grant> grant(Database.Lent lent, Contender contender, Duration term) throws SQLException {
    OptionalLong token = update(lent, contender, term);
    LeaseName name = contender.lease();
    Optional<Last> last = token.isPresent() ? Optional.empty() : last(lent, name);
    if (token.isEmpty() && last.isEmpty()) {
      token = insert(lent, contender, term);
      if (token.isEmpty()) {
        token = update(lent, contender, term);
        last = token.isPresent() ? Optional.empty() : last(lent, name);
      }
    }
    return token.isPresent()
        ? done(new Fence(contender, new FencingToken(token.getAsLong())), term)
        : refused(name, last);
  }

  private OptionalLong update(Database.Lent lent, Contender contender, Duration term)
      throws SQLException {
    int keys =
        dialect == Dialect.MARIADB ? Statement.RETURN_GENERATED_KEYS : Statement.NO_GENERATED_KEYS;
    try (PreparedStatement statement = lent.prepare(grant, keys)) {
      statement.setString(1, contender.nonce());
      statement.setLong(2, tokensAbove + 1);
      statement.setString(3, contender.owner());
      statement.setString(4, contender.nonce());
      statement.setLong(5, Database.micros(term));
      statement.setString(6, contender.lease().value());
      statement.setString(7, contender.nonce());
      statement.setString(8, contender.nonce());
      return dialect == Dialect.MARIADB ? updated(statement) : queried(statement);
    }
  }

  private static OptionalLong updated(PreparedStatement statement) throws SQLException {
    if (statement.executeUpdate() == 0) {
      return OptionalLong.empty();
    }
    try (ResultSet row = statement.getGeneratedKeys()) {
      return token(row);
    }
  }

  private static OptionalLong queried(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return token(row);
    }
  }

  private static OptionalLong token(ResultSet row) throws SQLException {
    return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
  }

  /** Makes the row, which is there for ever; nothing if somebody else was faster. */
  private OptionalLong insert(Database.Lent lent, Contender contender, Duration term)
      throws SQLException {
    long token = tokensAbove + 1;
    try (PreparedStatement statement = lent.prepare(first)) {
      statement.setString(1, contender.lease().value());
      statement.setLong(2, token);
      statement.setString(3, contender.owner());
      statement.setString(4, contender.nonce());
      statement.setLong(5, Database.micros(term));
      statement.executeUpdate();
      return OptionalLong.of(token);
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicateKey(e)) {
        throw e;
      }
      return OptionalLong.empty();
    }
  }

  Answer<Grant> extend(Database.Lent lent, Fence fence, Duration term) throws SQLException {
    try (PreparedStatement statement = lent.prepare(extend)) {
      statement.setLong(1, Database.micros(term));
      statement.setString(2, fence.lease().value());
      statement.setLong(3, fence.token().value());
      statement.setString(4, fence.holder().nonce());
      if (statement.executeUpdate() > 0) {
        return done(fence, term);
      }
    }
    return refused(fence.lease(), last(lent, fence.lease()));
  }

  /**
   * A row that is as it should be already is not counted by a driver that counts changes, so the
   * row has the last word.
   */
  Answer<Contender> release(Database.Lent lent, Contender contender) throws SQLException {
    try (PreparedStatement statement = lent.prepare(release)) {
      statement.setString(1, contender.lease().value());
      statement.setString(2, contender.nonce());
      if (statement.executeUpdate() > 0) {
        return new Answer.Done<>(contender);
      }
    }
    Optional<Last> last = last(lent, contender.lease());
    return last.isPresent() && last.get().isOf(contender)
        ? new Answer.Done<>(contender)
        : refused(contender.lease(), last);
  }

  /** Returns who has the lease, if anybody has. */
  Optional<Grant> current(Database.Lent lent, LeaseName name) throws SQLException {
    return last(lent, name).flatMap(last -> last.current(name));
  }

  private Optional<Last> last(Database.Lent lent, LeaseName name) throws SQLException {
    try (PreparedStatement statement = lent.prepare(last)) {
      statement.setString(1, name.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(Last.of(row, 1)) : Optional.empty();
      }
    }
  }

  static Answer<Grant> done(Fence fence, Duration term) {
    return new Answer.Done<>(new Grant(fence, term));
  }

  static <V> Answer<V> refused(LeaseName name, Optional<Last> last) {
    return new Answer.Refused<>(last.flatMap(row -> row.current(name)));
  }
}
