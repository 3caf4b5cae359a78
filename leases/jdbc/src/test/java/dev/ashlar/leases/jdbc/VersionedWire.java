package dev.ashlar.leases.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The wire between a conditional store and its database: counts the statements which are carried
 * out, and breaks at one point, if it is to.
 */
final class VersionedWire {

  /** Where it breaks. */
  enum Breaks {
    /** Nowhere. */
    NEVER,
    /** After a statement that writes was carried out. */
    AFTER_A_WRITE,
    /** Before a statement that reads arrives. */
    BEFORE_A_READ,
    /** Before the commit arrives. */
    BEFORE_THE_COMMIT,
    /** After the commit. */
    AFTER_THE_COMMIT
  }

  private final Breaks breaks;
  private final AtomicInteger count = new AtomicInteger();

  VersionedWire(Breaks breaks) {
    this.breaks = breaks;
  }

  DataSource over(DataSource inner) {
    return tapped(DataSource.class, inner, "");
  }

  /** Returns how many statements there were, and begins again. */
  int reset() {
    return count.getAndSet(0);
  }

  /** Returns a source that lends one connection again and again, as it was given back. */
  static DataSource lending(Connection one, boolean commitsEach) throws SQLException {
    one.setAutoCommit(commitsEach);
    Connection lent =
        proxy(
            Connection.class,
            (self, method, arguments) ->
                method.getName().equals("close") ? null : call(method, one, arguments));
    return proxy(DataSource.class, (self, method, arguments) -> lent);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private <T> T tapped(Class<T> type, T inner, String sql) {
    return proxy(
        type,
        (self, method, arguments) -> {
          breakIf(breaks == Breaks.BEFORE_THE_COMMIT && isCommit(method));
          breakIf(breaks == Breaks.BEFORE_A_READ && sql.contains("SELECT version, val"));
          boolean executes = method.getName().startsWith("execute");
          if (executes) {
            count.incrementAndGet();
          }
          Object result = call(method, inner, arguments);
          breakIf(breaks == Breaks.AFTER_THE_COMMIT && isCommit(method));
          breakIf(breaks == Breaks.AFTER_A_WRITE && executes && isWrite(sql));
          if (result instanceof Connection connection) {
            return tapped(Connection.class, connection, "");
          }
          return result instanceof PreparedStatement statement
              ? tapped(PreparedStatement.class, statement, String.valueOf(arguments[0]))
              : result;
        });
  }

  private static boolean isCommit(Method method) {
    return method.getName().equals("commit");
  }

  private static boolean isWrite(String sql) {
    return sql.contains("UPDATE ashlar_versioned") || sql.contains("INSERT INTO ashlar_versioned");
  }

  private static void breakIf(boolean broken) throws SQLException {
    if (broken) {
      throw new SQLException("the answer was lost on the way", "08006");
    }
  }

  private static @Nullable Object call(Method method, Object target, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
