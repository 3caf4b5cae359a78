package dev.ashlar.leases.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that counts the statements which are carried out. */
final class StatementCount {

  private final AtomicInteger count = new AtomicInteger();

  DataSource over(DataSource inner) {
    return counting(DataSource.class, inner);
  }

  /** Returns how many there were, and begins again. */
  int reset() {
    return count.getAndSet(0);
  }

  private <T> T counting(Class<T> type, T inner) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().startsWith("execute")) {
                count.incrementAndGet();
              }
              Object result = call(method, inner, arguments);
              if (result instanceof Connection connection) {
                return counting(Connection.class, connection);
              }
              return result instanceof PreparedStatement statement
                  ? counting(PreparedStatement.class, statement)
                  : result;
            }));
  }

  private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
