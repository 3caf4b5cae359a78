package dev.ashlar.examples.shop.run;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A connection of a pool, with the statements that were prepared on it.
 *
 * <p><b>Threads.</b> One at a time, whoever has it.
 */
final class KeptConnection {

  /** A service has about twenty different statements. */
  private static final int STATEMENTS_MAX = 64;

  private final Connection connection;
  private final Map<String, Deque<PreparedStatement>> statements = new HashMap<>();
  private int kept;

  KeptConnection(Connection connection) {
    this.connection = connection;
  }

  /**
   * Returns the connection for the length of one use.
   *
   * @param onClose gets this, and whether it can be used again
   */
  Connection lend(Lifeline lifeline, BiConsumer<KeptConnection, Boolean> onClose) {
    boolean[] over = new boolean[1];
    return Connections.proxy(
        Connection.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "close" -> {
              if (!over[0]) {
                over[0] = true;
                onClose.accept(this, isUsable());
              }
              return null;
            }
            case "isClosed" -> {
              return over[0] || connection.isClosed();
            }
            case "setAutoCommit" -> rollBackIfCut(lifeline);
            case "rollback", "getAutoCommit", "getMetaData" -> {}
            default -> lifeline.requireConnected();
          }
          return method.getName().equals("prepareStatement") && arguments.length == 1
              ? prepare((String) arguments[0])
              : Connections.invoke(method, connection, arguments);
        });
  }

  /** Going back to automatic commits would commit what is left. */
  private void rollBackIfCut(Lifeline lifeline) throws SQLException {
    if (lifeline.isCut() && !connection.getAutoCommit()) {
      connection.rollback();
    }
  }

  private boolean isUsable() {
    try {
      if (connection.isClosed()) {
        return false;
      }
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    Deque<PreparedStatement> idle = statements.get(sql);
    PreparedStatement found = idle == null ? null : idle.poll();
    PreparedStatement statement = found == null ? connection.prepareStatement(sql) : found;
    kept -= found == null ? 0 : 1;
    boolean[] over = new boolean[1];
    return Connections.proxy(
        PreparedStatement.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("close")) {
            return Connections.invoke(method, statement, arguments);
          }
          if (!over[0]) {
            over[0] = true;
            keep(sql, statement);
          }
          return null;
        });
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    if (kept == STATEMENTS_MAX || statement.isClosed()) {
      statement.close();
    } else {
      statement.clearBatch();
      statement.clearParameters();
      statements.computeIfAbsent(sql, key -> new ArrayDeque<>()).push(statement);
      kept++;
    }
  }

  /** What was not committed is rolled back. */
  void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is given up either way.
    }
  }
}
