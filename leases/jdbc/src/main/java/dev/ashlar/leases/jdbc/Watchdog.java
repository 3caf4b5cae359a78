package dev.ashlar.leases.jdbc;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Instead of the driver's own timeouts
 * ------------------------------------
 * PostgreSQL's driver counts a statement's timeout in whole seconds, by a timer for each statement
 * that wakes a thread; and a socket with a timeout is polled before each read. Together that is a
 * tenth to a sixth of what a short statement takes. A look at all of them, ten times a second while
 * there is any, costs a statement nothing but to be written down.
 *
 *   deadline                 the statement is cancelled, over a second connection
 *   two seconds later        the connection is cut: its path is dead. Counted from when the end was
 *                            noticed, so a process that stood still hears what has come meanwhile
 *
 * Both may wait for the network, so each is done in a thread of its own; there are no more of them
 * than connections were lent.
 *
 * The driver lets no cancellation outlive its statement: one that is under way is waited for. A
 * connection that is being cut when its use ends is cut once more by its user, and so not lent to
 * anybody else.
 */

/**
 * Ends what goes on beyond its deadline.
 *
 * <p><b>Threads.</b> Safe.
 */
final class Watchdog {

  private static final Duration TICK = Duration.ofMillis(100);

  private final ThreadFactory threads;
  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ticking = new AtomicBoolean();

  Watchdog() {
    this(Watchdog::daemon);
  }

  /** With threads of the caller's, one for each connection that is overdue. */
  Watchdog(ThreadFactory threads) {
    this.threads = threads;
  }

  /** Watches the use of a connection from now on. */
  Watched watch(Connection connection, Deadline deadline) {
    Watched one = new Watched(connection, deadline);
    watched.add(one);
    tickIfNot();
    return one;
  }

  private void tickIfNot() {
    if (!ticking.get() && ticking.compareAndSet(false, true)) {
      arm();
    }
  }

  private void arm() {
    TimeSource.Timer unused = TimeSource.system().after(TICK, this::tick);
  }

  /** Goes on also if a look fails, as it does where the machine has no thread left. */
  private void tick() {
    try {
      watched.forEach(Watched::look);
    } finally {
      again();
    }
  }

  private void again() {
    if (!watched.isEmpty()) {
      arm();
      return;
    }
    ticking.set(false);
    // Whoever came in between has seen that somebody ticks.
    if (!watched.isEmpty()) {
      tickIfNot();
    }
  }

  /** A connection in use. */
  final class Watched {
    private final Connection connection;
    private final Deadline deadline;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private @Nullable Statement running;
    private @Nullable Deadline cutAt;
    private boolean cutting;
    private boolean ended;

    Watched(Connection connection, Deadline deadline) {
      this.connection = connection;
      this.deadline = deadline;
    }

    /** Notes what is about to run. */
    void runs(Statement statement) {
      lock.lock();
      try {
        running = statement;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Ends the watch.
     *
     * @return whether the connection is good for another use
     */
    boolean end() {
      watched.remove(this);
      lock.lock();
      try {
        ended = true;
        return !cutting;
      } finally {
        lock.unlock();
      }
    }

    private void look() {
      if (!deadline.hasExpired()) {
        return;
      }
      lock.lock();
      try {
        if (ended || cutting) {
          return;
        }
        Statement overdue = running;
        if (cutAt == null) {
          cutAt = Deadline.after(Database.NETWORK_GRACE, deadline.time());
        } else if (cutAt.hasExpired()) {
          start(() -> Database.abortQuietly(connection));
          cutting = true;
          return;
        }
        if (overdue != null) {
          start(() -> cancelQuietly(overdue));
          running = null;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** What could not be started is tried again with the next look. */
  private void start(Runnable task) {
    threads.newThread(task).start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "ashlar-leases-jdbc-overdue");
    thread.setDaemon(true);
    return thread;
  }

  private static void cancelQuietly(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      // It has ended by itself, or its connection will be cut.
    }
  }
}
