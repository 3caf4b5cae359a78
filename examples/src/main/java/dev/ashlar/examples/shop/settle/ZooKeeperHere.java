package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.zookeeper.ZooKeeperLeaseStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * A ZooKeeper server in this process, for one night, and a client of it for each instance. Whoever
 * has an ensemble gives its address to the client, and starts no server.
 *
 * <p><b>Threads.</b> One thread only.
 */
final class ZooKeeperHere implements LeaseEngine.Open {

  /** Sessions end at whole ticks, so short ones make short waits. */
  private static final int TICK_MILLIS = 100;

  /** A lease lasts two thirds of it: as long as those of the other engines. */
  private static final int SESSION_MILLIS = 1_500;

  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration OPEN_MAX = Duration.ofSeconds(10);

  private final ZooKeeperServer server;
  private final ServerCnxnFactory connections;
  private final TimeSource time;
  private final List<ZooKeeperLeaseStore> stores = new ArrayList<>();
  private final List<CuratorFramework> clients = new ArrayList<>();

  private ZooKeeperHere(ZooKeeperServer server, ServerCnxnFactory connections, TimeSource time) {
    this.server = server;
    this.connections = connections;
    this.time = time;
  }

  /** Starts the server, which this machine alone can reach. */
  static ZooKeeperHere start(Path folder, TimeSource time) throws InterruptedException {
    // Nobody comes back to this server after the process has ended, so it need not wait for disks.
    System.setProperty("zookeeper.forceSync", "no");
    System.setProperty("zookeeper.preAllocSize", "1024");
    try {
      ZooKeeperServer server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MILLIS);
      server.setMinSessionTimeout(SESSION_MILLIS);
      ServerCnxnFactory connections = new NIOServerCnxnFactory();
      connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      connections.startup(server);
      return new ZooKeeperHere(server, connections, time);
    } catch (IOException e) {
      throw new IllegalStateException("zookeeper: " + e.getMessage(), e);
    }
  }

  /** Connects, with a session of its own. */
  @Override
  public LeaseStore store() throws InterruptedException {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString("127.0.0.1:" + connections.getLocalPort())
            .sessionTimeoutMs(SESSION_MILLIS)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(new RetryOneTime(10))
            .build();
    client.start();
    clients.add(client);
    ZooKeeperLeaseStore store =
        ZooKeeperLeaseStore.open(
            client, "/shop/leases", Deadline.after(OPEN_MAX, time), Observer.none());
    stores.add(store);
    return store;
  }

  /** Those who depend on others go first. */
  @Override
  public void close() {
    stores.forEach(ZooKeeperLeaseStore::close);
    clients.forEach(CuratorFramework::close);
    connections.shutdown();
    server.shutdown(true);
  }
}
