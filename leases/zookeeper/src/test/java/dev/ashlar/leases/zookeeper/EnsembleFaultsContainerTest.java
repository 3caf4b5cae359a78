package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ContainerTest;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three servers of which one stands still, dies or is cut off from the others, while a client of
 * that one, who knows no other, has the lease. It gives up by its own clock; then, and not before,
 * somebody is granted the lease by the others and counts on; and when the server is back, so is its
 * client. No count is lost, and each grant has a larger token.
 */
@ContainerTest
class EnsembleFaultsContainerTest {

  private static final Duration SESSION = Duration.ofSeconds(4);
  private static final TimeSource TIME = TimeSource.system();

  private static EnsembleInContainers ensemble;

  @BeforeAll
  static void startServers() {
    ensemble = new EnsembleInContainers();
  }

  @AfterAll
  static void stopServers() {
    if (ensemble != null) {
      ensemble.close();
    }
  }

  @BeforeEach
  void awaitServers() throws Exception {
    ensemble.awaitAll();
  }

  @Test
  void aFollowerThatIsPaused() throws Exception {
    nothingIsLost(Fault.PAUSE, ensemble.follower());
  }

  @Test
  void aLeaderThatIsPaused() throws Exception {
    nothingIsLost(Fault.PAUSE, ensemble.leader());
  }

  @Test
  void aFollowerThatIsKilledAndStartedAgain() throws Exception {
    nothingIsLost(Fault.KILL, ensemble.follower());
  }

  @Test
  void aLeaderThatIsKilledAndStartedAgain() throws Exception {
    nothingIsLost(Fault.KILL, ensemble.leader());
  }

  @Test
  void aFollowerThatIsCutOffFromTheOthers() throws Exception {
    nothingIsLost(Fault.CUT, ensemble.follower());
  }

  @Test
  void aLeaderThatIsCutOffFromTheOthers() throws Exception {
    nothingIsLost(Fault.CUT, ensemble.leader());
  }

  private static void nothingIsLost(Fault fault, int node) throws Exception {
    int sessionMillis = (int) SESSION.toMillis();
    try (ClosingStore near = open(ensemble.clientOf(node, sessionMillis));
        ClosingStore far = open(ensemble.clientOfOthersThan(node, sessionMillis))) {
      new Contest(SESSION)
          .run(
              near,
              far,
              new Contest.Trouble() {
                @Override
                public void begin() {
                  ensemble.begin(fault, node);
                }

                @Override
                public void end() {
                  ensemble.end(fault, node);
                }
              });
    }
  }

  private static ClosingStore open(CuratorFramework client) throws InterruptedException {
    return ClosingStore.open(client, TIME, Observer.none());
  }
}
