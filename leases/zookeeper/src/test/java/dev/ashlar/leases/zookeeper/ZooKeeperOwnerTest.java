package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.OwnerContract;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** Owners over a real server keep the contract, on the machine's clock. */
@Tag("engine")
@Subject("election-zookeeper")
class ZooKeeperOwnerTest extends OwnerContract {

  private final Server server = Server.shared();

  @Override
  protected LeaseStore open(TimeSource client) throws Exception {
    return ClosingStore.open(server, client);
  }

  @Override
  protected void restartStore() {
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
}
