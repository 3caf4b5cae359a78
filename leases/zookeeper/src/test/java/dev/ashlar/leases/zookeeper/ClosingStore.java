package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.testkit.ForwardingStore;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;

/** A store with a client of its own, as a process has it, which ends with the store. */
class ClosingStore extends ForwardingStore implements AutoCloseable {

  static final String ROOT = "/ashlar/leases";

  private final CuratorFramework client;
  private final ZooKeeperLeaseStore store;

  private ClosingStore(CuratorFramework client, ZooKeeperLeaseStore store) {
    super(store);
    this.client = client;
    this.store = store;
  }

  static ClosingStore open(Server server, TimeSource time) throws InterruptedException {
    return open(server.client(), time, Observer.none());
  }

  static ClosingStore open(CuratorFramework client, TimeSource time, Observer observer)
      throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);
    return new ClosingStore(client, ZooKeeperLeaseStore.open(client, ROOT, deadline, observer));
  }

  CuratorFramework client() {
    return client;
  }

  ZooKeeperLeaseStore store() {
    return store;
  }

  @Override
  public void close() {
    store.close();
    client.close();
  }
}
