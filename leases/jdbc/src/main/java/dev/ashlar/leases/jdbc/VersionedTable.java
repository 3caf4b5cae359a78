package dev.ashlar.leases.jdbc;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.versioned.FenceMark;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import dev.ashlar.leases.versioned.Write.Absent;
import dev.ashlar.leases.versioned.Write.FenceAtMost;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/*
 * One row for each key, for ever:
 *
 *   store, name   version              val               lease, fence       trail
 *   PK            of the last write,   NULL: the key     the largest it     nonces, newest first,
 *                 counts each          has no value      was written with,  each followed by a
 *                                                        '' and 0: none     space
 *
 * A deletion is a write of NULL, so the version goes on. The trail is cut to 528 characters, which
 * hold 16 of the longest nonces; one that the cut went through has no space after it, and is not
 * counted.
 *
 * A condition is part of the statement that writes, and the database looks at it again once it has
 * the row's lock. A version is a condition that holds once. The two others may hold again, so a
 * statement with one of these also demands that its nonce is not in the trail: a late copy of it
 * finds it there.
 *
 * Statements of a write:
 *
 *   condition             PostgreSQL   H2, MariaDB
 *   version 0             upsert       insert
 *   another version       update       update
 *   absent                upsert       insert; update, if the row is there
 *   a fence               upsert       update; insert, if it changed nothing; update again, if the
 *                                      row has come, or was there
 *
 * No statement depends on what one before it saw: each has the whole condition, or is an insert
 * that the key refuses. The insert comes first where a row is hardly ever there, also because on
 * MariaDB, in a transaction, an update that finds no row locks the gap, and two such then wait for
 * each other's with their inserts.
 *
 * Each of them changes the row or does not, so on MariaDB it is all one whether the driver counts
 * rows that were found or rows that were changed.
 */

/** The statements over the values of one store. */
final class VersionedTable {

  private static final int TRAIL_MAX = Versioned.NONCES_KEPT * (Write.NONCE_MAX + 1);

  private static final String UNSEEN = " AND POSITION(? IN CONCAT(' ', v.trail)) = 0";

  private static final String UPDATE =
      "UPDATE ashlar_versioned AS v SET version = {next}, val = ?,"
          + " lease = CASE WHEN v.lease = '' THEN ? ELSE v.lease END,"
          + " fence = GREATEST(v.fence, ?),"
          + (" trail = LEFT(CONCAT(?, v.trail), " + TRAIL_MAX + ")")
          + " WHERE v.store = ? AND v.name = ? AND ";

  private static final String INSERT =
      "INSERT INTO ashlar_versioned{v} (val, lease, fence, trail, store, name, version)"
          + " VALUES (?, ?, ?, ?, ?, ?, 1)";

  private static final String UPSERT_POSTGRESQL =
      INSERT.replace("{v}", " AS v")
          + " ON CONFLICT (store, name) DO UPDATE SET version = v.version + 1, val = EXCLUDED.val,"
          + " lease = CASE WHEN v.lease = '' THEN EXCLUDED.lease ELSE v.lease END,"
          + " fence = GREATEST(v.fence, EXCLUDED.fence),"
          + (" trail = LEFT(CONCAT(EXCLUDED.trail, v.trail), " + TRAIL_MAX + ")")
          + " WHERE ";

  private static final String CURRENT =
      "SELECT version, val, lease, fence, trail FROM ashlar_versioned"
          + " WHERE store = ? AND name = ?";

  private final String store;
  private final Dialect dialect;

  VersionedTable(String store, Dialect dialect) {
    this.store = store;
    this.dialect = dialect;
  }

  /** Returns the version that the write made, unless its condition did not hold. */
  OptionalLong write(Database.Lent lent, Write<Bytes> write) throws SQLException {
    if (write.condition() instanceof Write.Version expected && expected.version() > 0) {
      return update(lent, write);
    }
    if (dialect == Dialect.POSTGRESQL) {
      return changed(lent, UPSERT_POSTGRESQL + where(write) + " RETURNING v.version", write);
    }
    if (write.condition() instanceof FenceAtMost) {
      OptionalLong updated = update(lent, write);
      if (updated.isPresent()) {
        return updated;
      }
    }
    if (insert(lent, write)) {
      return OptionalLong.of(1);
    }
    // A key whose row is there has been written, so its version is not zero.
    return write.condition() instanceof Write.Version ? OptionalLong.empty() : update(lent, write);
  }

  /** Returns whether there was no row. */
  private boolean insert(Database.Lent lent, Write<Bytes> write) throws SQLException {
    try (PreparedStatement statement = lent.prepare(INSERT.replace("{v}", ""))) {
      bind(statement, write);
      statement.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (!SqlFailure.isDuplicateKey(e)) {
        throw e;
      }
      return false;
    }
  }

  private OptionalLong update(Database.Lent lent, Write<Bytes> write) throws SQLException {
    // What MariaDB calls the last inserted id is answered with the update.
    String next = dialect == Dialect.MARIADB ? "LAST_INSERT_ID(v.version + 1)" : "v.version + 1";
    String update = UPDATE.replace("{next}", next) + where(write);
    return changed(
        lent,
        switch (dialect) {
          case H2 -> "SELECT version FROM FINAL TABLE (" + update + ")";
          case POSTGRESQL -> update + " RETURNING v.version";
          case MARIADB -> update;
        },
        write);
  }

  private static String where(Write<Bytes> write) {
    if (write.condition() instanceof Write.Version) {
      return "v.version = ?";
    }
    return write.condition() instanceof Absent
        ? "v.val IS NULL" + UNSEEN
        : "v.lease IN ('', ?) AND v.fence <= ?" + UNSEEN;
  }

  private OptionalLong changed(Database.Lent lent, String sql, Write<Bytes> write)
      throws SQLException {
    int keys =
        dialect == Dialect.MARIADB ? Statement.RETURN_GENERATED_KEYS : Statement.NO_GENERATED_KEYS;
    try (PreparedStatement statement = lent.prepare(sql, keys)) {
      int at = bind(statement, write);
      if (write.condition() instanceof Write.Version expected) {
        statement.setLong(at, expected.version());
      } else {
        if (write.condition() instanceof FenceAtMost fence) {
          statement.setString(at++, fence.mark().lease().value());
          statement.setLong(at++, fence.mark().token().value());
        }
        statement.setString(at, " " + write.nonce() + " ");
      }
      return version(statement);
    }
  }

  private OptionalLong version(PreparedStatement statement) throws SQLException {
    if (dialect == Dialect.MARIADB && statement.executeUpdate() == 0) {
      return OptionalLong.empty();
    }
    try (ResultSet row =
        dialect == Dialect.MARIADB ? statement.getGeneratedKeys() : statement.executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }

  /** What all three statements begin with; returns the position after it. */
  private int bind(PreparedStatement statement, Write<Bytes> write) throws SQLException {
    Optional<FenceMark> mark =
        write.condition() instanceof FenceAtMost fence
            ? Optional.of(fence.mark())
            : Optional.empty();
    if (write.value().isPresent()) {
      statement.setBytes(1, write.value().get().toArray());
    } else {
      statement.setNull(1, Types.VARBINARY);
    }
    statement.setString(2, mark.map(one -> one.lease().value()).orElse(""));
    statement.setLong(3, mark.map(one -> one.token().value()).orElse(0L));
    statement.setString(4, write.nonce() + " ");
    statement.setString(5, store);
    statement.setString(6, write.key().value());
    return 7;
  }

  /**
   * Reads the row. Not inside a transaction that has read: its snapshot may be older than what a
   * write of it was refused for.
   */
  Versioned<Bytes> current(Database.Lent lent, Key key) throws SQLException {
    try (PreparedStatement statement = lent.prepare(CURRENT)) {
      statement.setString(1, store);
      statement.setString(2, key.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? versioned(row) : Versioned.never();
      }
    }
  }

  private static Versioned<Bytes> versioned(ResultSet row) throws SQLException {
    byte[] value = row.getBytes(2);
    long fence = row.getLong(4);
    return new Versioned<>(
        row.getLong(1),
        value == null ? Optional.empty() : Optional.of(Bytes.owning(value)),
        fence == 0
            ? Optional.empty()
            : Optional.of(new FenceMark(new LeaseName(row.getString(3)), new FencingToken(fence))),
        nonces(row.getString(5)));
  }

  private static List<String> nonces(String trail) {
    List<String> nonces = new ArrayList<>();
    int from = 0;
    for (int end = trail.indexOf(' '); end >= 0; end = trail.indexOf(' ', from)) {
      nonces.add(trail.substring(from, end));
      from = end + 1;
    }
    return nonces;
  }
}
