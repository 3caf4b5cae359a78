package dev.ashlar.leases.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A small pool that knows what it has lent, so that tests can see a leak, an open transaction or a
 * setting that was not taken back.
 */
final class LendingSource implements DataSource, AutoCloseable {

  private final DataSource inner;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Set<Connection> lent = ConcurrentHashMap.newKeySet();

  LendingSource(DataSource inner) {
    this.inner = inner;
  }

  /** Returns how many connections are lent now. */
  int lent() {
    return lent.size();
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection pooled = idle.pollFirst();
    Connection connection = pooled != null && !pooled.isClosed() ? pooled : inner.getConnection();
    lent.add(connection);
    return (Connection)
        Proxy.newProxyInstance(
            LendingSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new Lent(connection));
  }

  /** Closes what is not lent, because the server on the other side goes away. */
  void dropIdle() {
    for (Connection gone = idle.pollFirst(); gone != null; gone = idle.pollFirst()) {
      try {
        gone.close();
      } catch (SQLException e) {
        // It is gone either way.
      }
    }
  }

  /** As its process does that dies: the connection is closed without a word to the other side. */
  void cut(Connection proxy) throws SQLException {
    Connection connection = ((Lent) Proxy.getInvocationHandler(proxy)).connection;
    lent.remove(connection);
    connection.abort(Runnable::run);
    // H2 has no connection to cut; closing its session rolls back.
    connection.close();
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : idle) {
      connection.close();
    }
    for (Connection connection : lent) {
      connection.close();
    }
  }

  private final class Lent implements InvocationHandler {
    private final Connection connection;
    private boolean returned;

    Lent(Connection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> {
          giveBack();
          return null;
        }
        case "isClosed" -> {
          return returned || connection.isClosed();
        }
        case "hashCode" -> {
          return System.identityHashCode(proxy);
        }
        case "equals" -> {
          return proxy == arguments[0];
        }
        default -> {
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }
      }
    }

    private void giveBack() throws SQLException {
      if (returned) {
        return;
      }
      returned = true;
      lent.remove(connection);
      if (connection.isClosed()) {
        return;
      }
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      idle.addFirst(connection);
    }
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return inner.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    inner.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    inner.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return inner.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return inner.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return inner.isWrapperFor(type);
  }
}
