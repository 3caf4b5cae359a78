package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.LeaseStoreContract;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The store keeps the contract in an ensemble of three, whichever of them a client asks. */
@Tag("engine")
@Subject("zookeeper")
class ZooKeeperEnsembleContractTest extends LeaseStoreContract {

  private static Ensemble ensemble;

  @BeforeAll
  static void start() throws Exception {
    ensemble = Ensemble.start();
  }

  @AfterAll
  static void stop() throws Exception {
    ensemble.close();
  }

  @Override
  protected LeaseStore open(TimeSource client) throws Exception {
    return ClosingStore.open(ensemble.client(Server.SESSION_MILLIS), client, Observer.none());
  }

  /** One after the other, so that whoever asks finds most of them. */
  @Override
  protected void restartStore() throws Exception {
    ensemble.restart();
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  @Override
  protected Duration term() {
    return Duration.ofMillis(Server.SESSION_MILLIS * 2 / 3);
  }

  @Override
  protected Duration longTerm() {
    return term();
  }

  @Override
  protected void cleanUp(LeaseName name) throws Exception {
    try (CuratorFramework client = ensemble.client(Server.SESSION_MILLIS)) {
      client.delete().forPath(ClosingStore.ROOT + "/queue/l-" + name.value());
    } catch (KeeperException.NoNodeException e) {
      // The server was faster.
    }
  }
}
