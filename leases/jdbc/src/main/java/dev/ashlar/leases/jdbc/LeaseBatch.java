package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.jdbc.LeaseTable.Last;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/*
 * One statement extends them all
 * ------------------------------
 * It locks what it finds unlocked among the rows that are the askers', looks at the clock, writes,
 * and answers with the rows that it wrote. A row that somebody has locked is passed over, so it
 * holds up none of the others. No lock is waited for, so nothing deadlocks, and none outlasts the
 * statement, so a process that is paused has none.
 *
 * What the answer lacks was over, is somebody else's, or was locked. A second statement looks at
 * those rows, without locks. One that is the asker's and lasts must have been locked, or was when the
 * first one came by: it is unknown, without effect, and may be asked for again at once.
 *
 * How each database is told to pass over locked rows and to answer with those that it wrote:
 *
 *   PostgreSQL   UPDATE ... FROM (SELECT ... FOR NO KEY UPDATE SKIP LOCKED) RETURNING
 *   H2           SELECT ... FROM FINAL TABLE (MERGE ... USING (SELECT ... FOR UPDATE SKIP LOCKED))
 *   MariaDB      INSERT ... SELECT ... FOR UPDATE SKIP LOCKED ON DUPLICATE KEY UPDATE ... RETURNING;
 *                each row that is read is a duplicate, and an UPDATE can neither answer with rows nor
 *                join without waiting for those that it does not want
 */

/** The extension of many grants at once. */
final class LeaseBatch {

  /** A few hundred kilobytes of parameters, and some tens of milliseconds of locks. */
  static final int MAX = 1000;

  private static final String EXTEND_POSTGRESQL =
      "WITH mine AS MATERIALIZED (SELECT m.name FROM unnest(?, ?, ?) AS asked (name, token, nonce)"
          + " JOIN ashlar_lease m ON m.name = asked.name AND m.token = asked.token"
          + " AND m.nonce = asked.nonce WHERE m.expires_at > {now}"
          + " FOR NO KEY UPDATE OF m SKIP LOCKED)"
          + " UPDATE ashlar_lease l SET expires_at = {after} FROM mine"
          + " WHERE l.name = mine.name AND l.expires_at > {now}"
          + " RETURNING l.name, l.token, l.nonce";

  /** The first condition finds the rows by their key, the second one says which of them. */
  private static final String EXTEND_H2 =
      "SELECT name, token, nonce FROM FINAL TABLE (MERGE INTO ashlar_lease l USING"
          + " (SELECT name FROM ashlar_lease WHERE name = ANY(?)"
          + " AND name || ' ' || token || ' ' || nonce = ANY(?) AND expires_at > {now}"
          + " FOR UPDATE SKIP LOCKED) mine ON l.name = mine.name"
          + " WHEN MATCHED THEN UPDATE SET expires_at = {after})";

  private static final String EXTEND_MARIADB =
      "INSERT INTO ashlar_lease (name, token, owner, nonce, expires_at)"
          + " SELECT name, token, owner, nonce, {after} FROM ashlar_lease"
          + " WHERE (name, token, nonce) IN (%s) AND expires_at > {now} FOR UPDATE SKIP LOCKED"
          + " ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at)"
          + " RETURNING name, token, nonce";

  private static final String LAST =
      "SELECT name, token, owner, nonce, {left} FROM ashlar_lease WHERE name %s";

  private final Dialect dialect;
  private final String extend;
  private final String last;

  LeaseBatch(Dialect dialect) {
    this.dialect = dialect;
    this.extend =
        dialect.sql(
            switch (dialect) {
              case H2 -> EXTEND_H2;
              case POSTGRESQL -> EXTEND_POSTGRESQL;
              case MARIADB -> EXTEND_MARIADB;
            });
    this.last = dialect.sql(LAST);
  }

  /** A row's key, and whose it is; none of the three has a blank in it. */
  private static String mark(String name, long token, String nonce) {
    return name + ' ' + token + ' ' + nonce;
  }

  private static String mark(Fence fence) {
    return mark(fence.lease().value(), fence.token().value(), fence.holder().nonce());
  }

  List<Answer<Grant>> extend(Database.Lent lent, List<Fence> fences, Duration term)
      throws SQLException {
    Set<String> extended = extended(lent, fences, term);
    List<Fence> others = fences.stream().filter(fence -> !extended.contains(mark(fence))).toList();
    Map<String, Answer<Grant>> answers = others.isEmpty() ? Map.of() : look(lent, others);
    return fences.stream()
        .map(
            fence ->
                extended.contains(mark(fence))
                    ? LeaseTable.done(fence, term)
                    : requireNonNull(answers.get(mark(fence))))
        .toList();
  }

  private Set<String> extended(Database.Lent lent, List<Fence> fences, Duration term)
      throws SQLException {
    try (PreparedStatement statement = lent.prepare(extend(fences.size()))) {
      long micros = Database.micros(term);
      switch (dialect) {
        case H2 -> {
          statement.setArray(1, lent.texts(names(fences)));
          statement.setArray(2, lent.texts(fences.stream().map(LeaseBatch::mark)));
          statement.setLong(3, micros);
        }
        case POSTGRESQL -> {
          statement.setArray(1, lent.texts(names(fences)));
          statement.setArray(2, lent.numbers(fences.stream().map(fence -> fence.token().value())));
          statement.setArray(3, lent.texts(fences.stream().map(fence -> fence.holder().nonce())));
          statement.setLong(4, micros);
        }
        case MARIADB -> {
          statement.setLong(1, micros);
          setRows(statement, fences);
        }
      }
      return marks(statement);
    }
  }

  /** MariaDB has no arrays. */
  private String extend(int size) {
    return dialect == Dialect.MARIADB ? String.format(extend, list("(?, ?, ?)", size)) : extend;
  }

  private static String list(String item, int size) {
    return String.join(", ", Collections.nCopies(size, item));
  }

  private static Stream<String> names(List<Fence> fences) {
    return fences.stream().map(fence -> fence.lease().value());
  }

  private static void setRows(PreparedStatement statement, List<Fence> fences) throws SQLException {
    int next = 2;
    for (Fence fence : fences) {
      statement.setString(next, fence.lease().value());
      statement.setLong(next + 1, fence.token().value());
      statement.setString(next + 2, fence.holder().nonce());
      next += 3;
    }
  }

  private static Set<String> marks(PreparedStatement statement) throws SQLException {
    Set<String> marks = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        marks.add(mark(rows.getString(1), rows.getLong(2), rows.getString(3)));
      }
    }
    return marks;
  }

  /**
   * Says what became of those that were not extended; they have not been, whatever happens here.
   */
  private Map<String, Answer<Grant>> look(Database.Lent lent, List<Fence> others) {
    Map<String, Answer<Grant>> answers = new HashMap<>();
    try {
      Map<String, Last> rows = last(lent, others);
      for (Fence fence : others) {
        answers.put(mark(fence), answer(fence, Optional.ofNullable(rows.get(name(fence)))));
      }
    } catch (SQLException e) {
      BackendException failure = SqlFailure.beforeCommit("lease: extend", e);
      others.forEach(fence -> answers.put(mark(fence), new Answer.Unknown<>(failure)));
    }
    return answers;
  }

  private static Answer<Grant> answer(Fence fence, Optional<Last> last) {
    Optional<Grant> current = last.flatMap(row -> row.current(fence.lease()));
    return current.isPresent() && current.get().fence().equals(fence)
        ? new Answer.Unknown<>(
            new BackendException(
                "lease: extend: its row is locked", Effect.NONE, new Advice.Transient(), null))
        : new Answer.Refused<>(current);
  }

  private static String name(Fence fence) {
    return fence.lease().value();
  }

  private Map<String, Last> last(Database.Lent lent, List<Fence> fences) throws SQLException {
    boolean arrays = dialect != Dialect.MARIADB;
    String which = arrays ? "= ANY(?)" : "IN (" + list("?", fences.size()) + ")";
    try (PreparedStatement statement = lent.prepare(String.format(last, which))) {
      if (arrays) {
        statement.setArray(1, lent.texts(names(fences)));
      } else {
        for (int i = 0; i < fences.size(); i++) {
          statement.setString(i + 1, name(fences.get(i)));
        }
      }
      Map<String, Last> rows = new HashMap<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.put(row.getString(1), Last.of(row, 2));
        }
      }
      return rows;
    }
  }
}
