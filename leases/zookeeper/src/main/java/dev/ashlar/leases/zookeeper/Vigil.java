package dev.ashlar.leases.zookeeper;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/**
 * Watches one's own place for its end, so that a beacon can speak for it. A lost connection ends
 * the watching: what happened meanwhile is found out by watching anew.
 */
final class Vigil implements Watcher {

  private enum State {
    IDLE,
    ASKED,
    WATCHING,
    ENDED
  }

  private final ZooKeeper handle;
  private final String path;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  Vigil(ZooKeeper handle, String path) {
    this.handle = handle;
    this.path = path;
  }

  /** Asks for the watch unless it stands, and does not wait for it. */
  void keep() {
    if (state.compareAndSet(State.IDLE, State.ASKED)) {
      handle.getChildren(path, this, (rc, at, ctx, names) -> answered(rc), null);
    }
  }

  private void answered(int rc) {
    if (rc == Code.OK.intValue()) {
      // An event may have come before, with which it is over.
      state.compareAndSet(State.ASKED, State.WATCHING);
    } else {
      state.compareAndSet(State.ASKED, rc == Code.NONODE.intValue() ? State.ENDED : State.IDLE);
    }
  }

  /** Returns whether watching on, or anew, can still tell anything. */
  boolean isOfUse() {
    return state.get() != State.ENDED;
  }

  /** Returns whether the place was there all the time, up to the last answer of the session. */
  boolean stands() {
    return state.get() == State.WATCHING;
  }

  @Override
  public void process(WatchedEvent event) {
    boolean connection = event.getType() == Event.EventType.None;
    boolean over =
        event.getState() == Event.KeeperState.Expired
            || event.getState() == Event.KeeperState.Closed;
    if (!connection || over) {
      state.set(State.ENDED);
    } else if (event.getState() == Event.KeeperState.Disconnected) {
      state.compareAndSet(State.WATCHING, State.IDLE);
    }
  }
}
