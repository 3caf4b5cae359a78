package dev.ashlar.messaging.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;

/** A data source whose connections begin with a statement. */
final class SettingSource {

  private final DataSource inner;
  private final String sql;

  SettingSource(DataSource inner, String sql) {
    this.inner = inner;
    this.sql = sql;
  }

  DataSource source() {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(inner, arguments);
                if (result instanceof Connection connection) {
                  try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                  }
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
