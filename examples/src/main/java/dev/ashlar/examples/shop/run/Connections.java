package dev.ashlar.examples.shop.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A small pool that keeps connections, and on each the statements that were prepared, and that can
 * be cut off.
 *
 * <p>H2 has a pool of its own; what it lacks is the second and the third. H2 parses an INSERT or a
 * DELETE each time it is prepared, which is a fifth of the work here, and over TCP a message to and
 * fro.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value #MOST} connections: a thread needs one at a time, and a service has
 * about ten threads.
 */
final class Connections implements AutoCloseable {

  private static final int MOST = 32;

  private final DataSource source;
  private final Lifeline lifeline;
  private final Deque<KeptConnection> idle = new ArrayDeque<>();
  private int open;
  private boolean closed;

  /** Makes a pool over a source of new connections. */
  Connections(DataSource source, Lifeline lifeline) {
    this.source = source;
    this.lifeline = lifeline;
  }

  /** Returns the pool as others know it. */
  DataSource asSource() {
    return proxy(
        DataSource.class,
        (self, method, arguments) ->
            method.getName().equals("getConnection") ? lend() : invoke(method, source, arguments));
  }

  private Connection lend() throws SQLException {
    lifeline.requireAlive();
    KeptConnection kept = take();
    lifeline.count(1);
    return kept.lend(lifeline, this::giveBack);
  }

  private KeptConnection take() throws SQLException {
    synchronized (idle) {
      KeptConnection kept = idle.poll();
      if (kept != null) {
        return kept;
      }
      if (closed || open == MOST) {
        throw new SQLException(
            "pool: " + open + " connections (expected: open, below " + MOST + ")");
      }
      open++;
    }
    try {
      return new KeptConnection(source.getConnection());
    } catch (SQLException e) {
      synchronized (idle) {
        open--;
      }
      throw e;
    }
  }

  private void giveBack(KeptConnection kept, boolean usable) {
    boolean keep;
    synchronized (idle) {
      keep = usable && !closed && !lifeline.isCut();
      if (keep) {
        idle.push(kept);
      } else {
        open--;
      }
    }
    if (!keep) {
      kept.close();
    }
    lifeline.count(-1);
  }

  /** Closes what is idle now, and the rest when it is given back. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      while (!idle.isEmpty()) {
        idle.pop().close();
        open--;
      }
    }
  }

  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Connections.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  static @Nullable Object invoke(Method method, Object target, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
