package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Sits between a store and its database, and sees, changes or repeats what is asked. */
class Tap {

  /** Returns what is prepared instead. */
  String sql(String sql) {
    return sql;
  }

  /** Sees what is asked of a connection, apart from statements. */
  void called(String method) {}

  /**
   * Carries out a statement.
   *
   * @param sql its text
   * @param first in the connection that it was prepared in
   * @param again the same in another connection
   */
  @Nullable Object execute(String sql, Call first, Call again) throws Throwable {
    return first.run();
  }

  /** What is done when it is run. */
  @FunctionalInterface
  interface Call {
    @Nullable Object run() throws Throwable;
  }

  /** Returns a data source behind this. */
  final DataSource over(DataSource inner) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = invoke(method, inner, arguments);
          return result instanceof Connection connection ? tapped(inner, connection) : result;
        });
  }

  private Connection tapped(DataSource source, Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (!method.getName().equals("prepareStatement")) {
            called(method.getName());
            return invoke(method, connection, arguments);
          }
          arguments[0] = sql((String) arguments[0]);
          PreparedStatement statement = prepared(method, connection, arguments);
          return tapped(statement, (String) arguments[0], new Again(source, method, arguments));
        });
  }

  private PreparedStatement tapped(PreparedStatement statement, String sql, Again again) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().equals("close")) {
            again.close();
          }
          if (method.getName().startsWith("execute")) {
            return execute(
                sql, () -> invoke(method, statement, arguments), () -> again.execute(method));
          }
          if (method.getName().startsWith("set")) {
            again.settings.add(other -> invoke(method, other, arguments));
          }
          boolean elsewhere =
              again.statement != null && method.getName().equals("getGeneratedKeys");
          return invoke(method, elsewhere ? again.statement : statement, arguments);
        });
  }

  @FunctionalInterface
  private interface Setting {
    void apply(PreparedStatement statement) throws Throwable;
  }

  /** What is needed to do it once more in another connection. */
  private static final class Again {
    private final DataSource source;
    private final Method preparing;
    private final Object[] prepared;
    private final List<Setting> settings = new ArrayList<>();
    private @Nullable Connection connection;
    private @Nullable PreparedStatement statement;

    Again(DataSource source, Method preparing, Object[] prepared) {
      this.source = source;
      this.preparing = preparing;
      this.prepared = prepared;
    }

    @Nullable Object execute(Method method) throws Throwable {
      close();
      connection = source.getConnection();
      PreparedStatement once = prepared(preparing, connection, prepared);
      statement = once;
      for (Setting setting : settings) {
        setting.apply(once);
      }
      return invoke(method, once, new Object[0]);
    }

    void close() throws Exception {
      if (connection != null) {
        connection.close();
      }
    }
  }

  private static PreparedStatement prepared(
      Method preparing, @Nullable Connection connection, Object[] arguments) throws Throwable {
    return requireNonNull((PreparedStatement) invoke(preparing, connection, arguments));
  }

  private static @Nullable Object invoke(Method method, @Nullable Object target, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                handler.handle(method, arguments == null ? new Object[0] : arguments)));
  }

  @FunctionalInterface
  private interface Handler {
    @Nullable Object handle(Method method, Object[] arguments) throws Throwable;
  }
}
