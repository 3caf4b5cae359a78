package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.testkit.GuardedData;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Outcome;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import java.time.Duration;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/** Numbers in nodes, with the floors beside them. */
class FlooredNumbers implements GuardedData<Transaction> {

  static final String FLOORS = "/ashlar/floors";
  private static final String DATA = "/ashlar/data";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CuratorFramework client;
  private final ZooKeeperFloor floor;

  FlooredNumbers(CuratorFramework client) throws Exception {
    this.client = client;
    this.floor = ZooKeeperFloor.open(client, FLOORS, soon(), Observer.none());
    client.create().orSetData().creatingParentsIfNeeded().forPath(DATA, new byte[0]);
  }

  static Deadline soon() {
    return Deadline.after(PATIENCE, TimeSource.system());
  }

  static String path(String name) {
    return DATA + "/" + name;
  }

  static Bytes bytes(long value) {
    return Bytes.utf8(Long.toString(value));
  }

  CuratorFramework client() {
    return client;
  }

  ZooKeeperFloor floor() {
    return floor;
  }

  /** Returns the number as anybody sees it; zero if there is none. */
  long read(String name) throws Exception {
    try {
      return Long.parseLong(Bytes.owning(client.getData().forPath(path(name))).toUtf8());
    } catch (KeeperException.NoNodeException e) {
      return 0;
    }
  }

  @Override
  public Transaction begin() throws InterruptedException {
    return floor.begin(soon());
  }

  Outcome outcome(Transaction tx) throws Exception {
    return tx.commit();
  }

  @Override
  public void commit(Transaction tx) throws Exception {
    Outcome outcome = outcome(tx);
    if (outcome instanceof Outcome.Unknown unknown) {
      throw unknown.failure();
    }
    if (!(outcome instanceof Outcome.Committed)) {
      throw new BackendException(outcome.toString(), Effect.NONE, new Advice.Transient(), null);
    }
  }

  @Override
  public void rollback(Transaction tx) {}

  @Override
  public void crash(Transaction tx) {}

  @Override
  public long read(Transaction tx, String name) throws Exception {
    Optional<Bytes> data = tx.read(path(name));
    return data.isPresent() ? Long.parseLong(data.get().toUtf8()) : 0;
  }

  @Override
  public void write(Transaction tx, String name, long value) throws Exception {
    tx.write(path(name), bytes(value));
  }
}
