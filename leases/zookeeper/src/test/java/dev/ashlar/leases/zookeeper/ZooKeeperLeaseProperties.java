package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.LeaseStoreContract;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/** The contract over a real server, on the machine's clock. */
abstract class ZooKeeperLeaseProperties extends LeaseStoreContract {

  final Server server;

  ZooKeeperLeaseProperties() {
    this(Server.shared());
  }

  ZooKeeperLeaseProperties(Server server) {
    this.server = server;
  }

  @Override
  protected LeaseStore open(TimeSource client) throws Exception {
    return ClosingStore.open(server, client);
  }

  @Override
  protected void restartStore() throws Exception {
    server.restart();
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  /** All leases of a session last as long as it allows. */
  @Override
  protected Duration term() {
    return Duration.ofMillis(Server.SESSION_MILLIS * 2 / 3);
  }

  @Override
  protected Duration longTerm() {
    return term();
  }

  /** What the server does with an empty container, sooner than it would. */
  @Override
  protected void cleanUp(LeaseName name) throws Exception {
    try (CuratorFramework client = server.client()) {
      client.delete().forPath(ClosingStore.ROOT + "/queue/l-" + name.value());
    } catch (KeeperException.NoNodeException e) {
      // The server was faster.
    }
  }
}
