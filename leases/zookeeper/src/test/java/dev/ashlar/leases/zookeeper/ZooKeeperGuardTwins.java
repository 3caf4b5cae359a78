package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Outcome;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.curator.framework.CuratorFramework;

/** Guards in ZooKeeper with the mistakes that are usual there. */
final class ZooKeeperGuardTwins {

  private ZooKeeperGuardTwins() {}

  private record Pending(String name, long value) {}

  /** Commits by writes that rely on nothing. */
  private static final class UncheckedNumbers extends FlooredNumbers {
    private final Map<Transaction, Pending> pending = new ConcurrentHashMap<>();

    UncheckedNumbers(CuratorFramework client) throws Exception {
      super(client);
    }

    @Override
    public void write(Transaction tx, String name, long value) {
      pending.put(tx, new Pending(name, value));
    }

    @Override
    Outcome outcome(Transaction tx) throws Exception {
      Pending one = requireNonNull(pending.remove(tx));
      client().create().orSetData().forPath(path(one.name()), bytes(one.value()).toArray());
      return new Outcome.Committed();
    }
  }

  /** Looks at the floor first, and then commits without it. */
  static class CommitWithoutCheckTwin extends ZooKeeperGuardProperties {
    @Override
    FlooredNumbers data(CuratorFramework connected) throws Exception {
      return new UncheckedNumbers(connected);
    }
  }

  /** Takes what a follower said that lags behind for the floor. */
  static class LaggingFloorTwin extends ZooKeeperGuardProperties {
    private final Map<String, Fence> old = new ConcurrentHashMap<>();

    @Override
    FlooredNumbers data(CuratorFramework connected) throws Exception {
      return new UncheckedNumbers(connected);
    }

    @Override
    Floor<Transaction> floor(FlooredNumbers data) {
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          Standing standing = data.floor().raise(resource, fence, deadline);
          if (standing instanceof Standing.Level) {
            old.putIfAbsent(resource, fence);
          }
          return standing;
        }

        @Override
        public Standing check(Transaction tx, String resource, Fence fence) {
          return fence.equals(old.get(resource))
              ? new Standing.Level()
              : data.floor().check(tx, resource, fence);
        }
      };
    }
  }
}
