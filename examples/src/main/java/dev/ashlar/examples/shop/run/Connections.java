package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p><b>Limits.</b> {@value #MOST} connections unless told otherwise: a thread needs one at a time,
 * and a service has about ten threads. Whoever finds none waits, for ten seconds at most.
 */
final class Connections implements AutoCloseable {

  private static final int MOST = 32;
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private final DataSource source;
  private final Lifeline lifeline;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition returned = lock.newCondition();
  private final Deque<KeptConnection> idle = new ArrayDeque<>();
  private int open;
  private boolean closed;

  /** Makes a pool over a source of new connections. */
  Connections(DataSource source, Lifeline lifeline) {
    this(source, lifeline, MOST);
  }

  /** Makes a pool of {@code most} connections. */
  Connections(DataSource source, Lifeline lifeline, int most) {
    this.source = source;
    this.lifeline = lifeline;
    this.most = most;
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
    lifeline.count(1);
    try {
      KeptConnection found = awaitIdle();
      KeptConnection kept = found == null ? connect() : found;
      return kept.lend(lifeline, this::giveBack);
    } catch (SQLException e) {
      lifeline.count(-1);
      throw e;
    }
  }

  /** Returns an idle connection, or null with the right to open one. */
  private @Nullable KeptConnection awaitIdle() throws SQLException {
    Deadline deadline = Deadline.after(WAIT_MAX, lifeline.time());
    lock.lock();
    try {
      while (idle.isEmpty() && open == most && !closed && !deadline.hasExpired()) {
        lifeline.time().await(returned, deadline);
      }
      KeptConnection kept = idle.poll();
      if (kept == null) {
        if (closed || open == most) {
          throw new SQLTransientConnectionException(
              "pool: " + open + " connections (expected: open, below " + most + ")");
        }
        open++;
      }
      return kept;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("pool: interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private KeptConnection connect() throws SQLException {
    try {
      return new KeptConnection(source.getConnection());
    } catch (SQLException e) {
      forget();
      throw e;
    }
  }

  private void giveBack(KeptConnection kept, boolean usable) {
    if (!keep(kept, usable)) {
      kept.close();
      forget();
    }
    lifeline.count(-1);
  }

  private boolean keep(KeptConnection kept, boolean usable) {
    lock.lock();
    try {
      boolean keep = usable && !closed && !lifeline.isCut();
      if (keep) {
        idle.push(kept);
        returned.signal();
      }
      return keep;
    } finally {
      lock.unlock();
    }
  }

  private void forget() {
    lock.lock();
    try {
      open--;
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Closes what is idle now, and the rest when it is given back. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (!idle.isEmpty()) {
        idle.pop().close();
        open--;
      }
      returned.signalAll();
    } finally {
      lock.unlock();
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
