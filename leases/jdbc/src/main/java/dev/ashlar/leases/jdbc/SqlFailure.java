package dev.ashlar.leases.jdbc;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Set;

/**
 * What a failed statement did, and whether another try is worth it, read from its SQLSTATE.
 *
 * <p>The message names what was asked and the state; the driver's own text, which may quote values,
 * stays in the cause.
 */
final class SqlFailure {

  /**
   * The classes in which the server says that it has undone the statement, and with it a
   * transaction of one statement: feature, data, constraint, transaction state, rollback, syntax or
   * access, resources, limits, object state.
   */
  private static final Set<String> UNDONE =
      Set.of("0A", "22", "23", "25", "40", "42", "53", "54", "55");

  /** What H2 says of a lock that it did not get in time, and of what it cannot do. */
  private static final Set<String> UNDONE_STATES = Set.of("HYT00", "HYC00");

  /**
   * What MariaDB says under its number, with a state that it has for other things too: a row that
   * changed since the snapshot, a lock that it did not get in time, a server that only reads (two),
   * a statement that was broken off, or took too long.
   */
  private static final Set<Integer> UNDONE_NUMBERS = Set.of(1020, 1205, 1290, 1836, 1317, 1969);

  private static final Set<String> MANIFOLD = Set.of("HY000", "70100");

  /** The classes that no other try changes: wrong SQL, data, rights, password or database. */
  private static final Set<String> PERMANENT =
      Set.of("0A", "22", "23", "26", "28", "2F", "3D", "3F", "42", "44", "54");

  /** What H2 says, under numbers of its own, while a database is opened, closed or in use. */
  private static final Set<String> H2_TRANSIENT =
      Set.of("90007", "90020", "90067", "90098", "90121", "90131");

  private SqlFailure() {}

  /** A failure before the commit was sent: what was not committed has no effect, ever. */
  static BackendException beforeCommit(String what, SQLException e) {
    return failure(what, Effect.NONE, e);
  }

  /** A failure of a statement that commits by itself: execution and commit are one answer. */
  static BackendException ofStatement(String what, SQLException e) {
    String state = state(e);
    boolean undone =
        UNDONE.contains(classOf(state))
            || UNDONE_STATES.contains(state)
            || (MANIFOLD.contains(state) && UNDONE_NUMBERS.contains(e.getErrorCode()));
    undone &= !state.equals("40003");
    return failure(what, undone ? Effect.NONE : Effect.UNKNOWN, e);
  }

  /** Returns whether a row with the same key is there. */
  static boolean isDuplicateKey(SQLException e) {
    return state(e).equals("23505") || (state(e).equals("23000") && e.getErrorCode() == 1062);
  }

  private static BackendException failure(String what, Effect effect, SQLException e) {
    return new BackendException(
        what + ": SQLSTATE " + (state(e).isEmpty() ? "unknown" : state(e)), effect, advice(e), e);
  }

  static Advice advice(SQLException e) {
    String state = state(e);
    if (classOf(state).equals("53")) {
      return new Advice.Overloaded(Duration.ZERO);
    }
    if (e instanceof SQLTransientException || e instanceof SQLRecoverableException) {
      return new Advice.Transient();
    }
    boolean permanent =
        state.startsWith("90") ? !H2_TRANSIENT.contains(state) : PERMANENT.contains(classOf(state));
    return permanent ? new Advice.Permanent() : new Advice.Transient();
  }

  private static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  private static String classOf(String state) {
    return state.length() < 2 ? "" : state.substring(0, 2);
  }
}
