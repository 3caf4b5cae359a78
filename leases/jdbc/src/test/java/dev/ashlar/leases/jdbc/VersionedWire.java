package dev.ashlar.leases.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * The wire between a conditional store and its database: counts the statements which are carried
 * out, and breaks after one that wrote, if it is to.
 */
final class VersionedWire {

  private final boolean breaks;
  private final AtomicInteger count = new AtomicInteger();

  VersionedWire(boolean breaks) {
    this.breaks = breaks;
  }

  DataSource over(DataSource inner) {
    return tapped(DataSource.class, inner, "");
  }

  /** Returns how many statements there were, and begins again. */
  int reset() {
    return count.getAndSet(0);
  }

  private <T> T tapped(Class<T> type, T inner, String sql) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object result = call(method, inner, arguments);
              if (method.getName().startsWith("execute")) {
                carriedOut(sql);
              }
              if (result instanceof Connection connection) {
                return tapped(Connection.class, connection, "");
              }
              return result instanceof PreparedStatement statement
                  ? tapped(PreparedStatement.class, statement, String.valueOf(arguments[0]))
                  : result;
            }));
  }

  private void carriedOut(String sql) throws SQLException {
    count.incrementAndGet();
    if (breaks && sql.contains("UPDATE ashlar_versioned")) {
      throw new SQLException("the answer was lost on the way", "08006");
    }
  }

  private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
