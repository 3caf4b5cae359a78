package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Deadline;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/**
 * Waits for the end of the place ahead. Each contender watches one place, and a place is watched by
 * one contender, so that a release wakes one. The end of a place of this very process is told by
 * the process itself, which knows more then: to whom the lease went.
 */
final class Turn implements Watcher {

  private final ZooKeeper handle;
  private final String path;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final boolean told;

  // Guarded by the lock.
  private boolean watching;
  private boolean ended;

  /**
   * Begins to wait for nothing yet.
   *
   * @param told whether {@link #end} is called when the place has ended
   */
  Turn(Session session, String path, boolean told) {
    this.handle = session.handle();
    this.path = path;
    this.watching = told;
    this.told = told;
  }

  String path() {
    return path;
  }

  /** Returns whether this waits, still, for that place. */
  boolean isBehind(ZooKeeper session, String place) {
    lock.lock();
    try {
      return !ended && handle == session && path.equals(place);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the place has ended, the session is over, or the deadline has come. */
  void await(Session session, Deadline deadline) throws InterruptedException {
    if (mustWatch()) {
      watch(session);
    }
    lock.lockInterruptibly();
    try {
      while (!ended && !deadline.hasExpired()) {
        // Whatever ended the wait, the contender asks again.
        boolean unused = deadline.time().await(changed, deadline);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A watch that nobody confirmed is none: the next wait is another turn. */
  private void watch(Session session) throws InterruptedException {
    boolean watched = false;
    try {
      watched = session.watchEnd(path, this);
    } finally {
      if (!watched) {
        end();
      }
    }
  }

  private boolean mustWatch() {
    lock.lock();
    try {
      boolean must = !watching && !ended;
      watching = true;
      return must;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A lost connection changes nothing: the client sets its watches again when it is back. */
  @Override
  public void process(WatchedEvent event) {
    boolean onlyConnection =
        event.getType() == Event.EventType.None
            && event.getState() != Event.KeeperState.Expired
            && event.getState() != Event.KeeperState.Closed;
    if (!onlyConnection) {
      end();
    }
  }

  /** Takes the watch back, which would otherwise stay until the place ends. */
  void forget() {
    lock.lock();
    try {
      if (watching && !told && !ended) {
        handle.removeWatches(path, this, WatcherType.Children, true, (rc, at, ctx) -> {}, null);
      }
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
