package dev.ashlar.leases.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;

/** A data source whose connections break after they have carried out what grants a lease. */
final class AnswersLost {

  private final DataSource inner;

  AnswersLost(DataSource inner) {
    this.inner = inner;
  }

  DataSource source() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = call(method, inner, arguments);
          return result instanceof Connection connection ? losing(connection) : result;
        });
  }

  private static Connection losing(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object result = call(method, connection, arguments);
          boolean grants =
              result instanceof PreparedStatement
                  && Arrays.toString(arguments).contains("GREATEST(");
          return grants ? losing((PreparedStatement) result) : result;
        });
  }

  /** On H2 the first one finds no row, so an answer that is empty arrives. */
  private static PreparedStatement losing(PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          Object result = call(method, statement, arguments);
          if (result instanceof ResultSet rows && rows.next()) {
            throw new SQLException("the answer was lost on the way", "08006");
          }
          return result;
        });
  }

  private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.invoke(method, arguments)));
  }

  @FunctionalInterface
  private interface Call {
    Object invoke(Method method, Object[] arguments) throws Throwable;
  }
}
