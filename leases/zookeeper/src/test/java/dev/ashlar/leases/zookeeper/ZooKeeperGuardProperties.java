package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.testkit.GuardContract;
import dev.ashlar.leases.testkit.GuardedAccess;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of guards over a real server. */
abstract class ZooKeeperGuardProperties extends GuardContract<Claim<Transaction>> {

  private final Server server = Server.shared();
  private CuratorFramework client;
  private volatile boolean cut;

  @BeforeEach
  void connect() {
    client = server.client();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  /** Overridden by twins only. */
  FlooredNumbers data(CuratorFramework connected) throws Exception {
    return new FlooredNumbers(connected);
  }

  /** Overridden by twins only. */
  Floor<Transaction> floor(FlooredNumbers data) {
    return data.floor();
  }

  @Override
  protected GuardedAccess<Claim<Transaction>> access(RejectionPublisher rejections) {
    try {
      FlooredNumbers data = data(client);
      Floor<Transaction> floor = reachable(floor(data));
      return new FlooredAccess(Guard.over(floor, rejections, Observer.none()), floor, data);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Floor<Transaction> reachable(Floor<Transaction> floor) {
    return new Floor<>() {
      @Override
      public Standing raise(String resource, Fence fence, Deadline deadline)
          throws InterruptedException {
        return cut ? unreachable() : floor.raise(resource, fence, deadline);
      }

      @Override
      public Standing check(Transaction tx, String resource, Fence fence) {
        return cut ? unreachable() : floor.check(tx, resource, fence);
      }
    };
  }

  private static Standing unreachable() {
    return new Standing.Unknown(
        new BackendException("floor: cut off", Effect.NONE, new Advice.Transient(), null));
  }

  @Override
  protected void cutResource(boolean isCut) {
    cut = isCut;
  }

  @Override
  protected void restartResource() throws Exception {
    server.restart();
    Eventually.holds("an answer", patience(), this::answers);
  }

  private boolean answers() throws Exception {
    try {
      return client.checkExists().forPath(FlooredNumbers.FLOORS) != null;
    } catch (KeeperException e) {
      return false;
    }
  }

  @Override
  protected void forgetClaim(String resource) throws Exception {
    client.delete().forPath(FlooredNumbers.FLOORS + "/r-" + resource);
  }

  /** A write that was overtaken is refused when it ends. */
  @Override
  protected boolean claimsWait() {
    return false;
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }
}
