package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Opening goes on until its deadline, however few tries the client's own policy has. */
@Tag("engine")
class ZooKeeperOpeningTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Connections that are dropped before the server is ready: more than the policy has tries. */
  private static final int DROPPED = 3;

  private final Server server = Server.start();

  @AfterEach
  void closeServer() {
    server.close();
  }

  private CuratorFramework clientWithoutRetries() {
    return server.client(Server.SESSION_MILLIS, new RetryNTimes(0, 0));
  }

  private static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  @Test
  void aLostAnswerIsAskedForAgain() throws Exception {
    try (CuratorFramework client = clientWithoutRetries()) {
      server.loseNextAnswer();
      ZooKeeperLeaseStore.open(client, "/leases", in(PATIENCE), Observer.none()).close();
      server.loseNextAnswer();
      ZooKeeperFloor floor = ZooKeeperFloor.open(client, "/floors", in(PATIENCE), Observer.none());
      assertThat(floor.begin(in(PATIENCE))).isNotNull();
    }
  }

  @Test
  void aServerThatDropsConnectionsAtFirstIsWaitedFor() throws Exception {
    int port = server.port();
    server.stop();
    try (CuratorFramework client =
        Server.client("127.0.0.1:" + port, Server.SESSION_MILLIS, new RetryNTimes(0, 0))) {
      Background<Void> opening;
      try (ServerSocket starting = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        starting.setSoTimeout((int) PATIENCE.toMillis());
        opening =
            Background.start(
                "opening",
                () -> {
                  ZooKeeperLeaseStore.open(client, "/leases", in(PATIENCE), Observer.none())
                      .close();
                  return null;
                });
        for (int i = 0; i < DROPPED; i++) {
          try (Socket dropped = starting.accept()) {
            assertThat(dropped.isConnected()).isTrue();
          }
        }
      }
      server.startOn(port);
      Eventually.holds("the store is open", PATIENCE, opening::isDone);
      assertThat(opening.result()).isNull();
    }
  }

  @Test
  void aServerThatIsNotThereEndsOpeningAtTheDeadline() {
    String address = server.address();
    server.stop();
    try (CuratorFramework client =
        Server.client(address, Server.SESSION_MILLIS, new RetryNTimes(0, 0))) {
      Deadline deadline = in(Duration.ofSeconds(1));
      assertThatThrownBy(
              () -> ZooKeeperLeaseStore.open(client, "/leases", deadline, Observer.none()))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.advice()).isEqualTo(new Advice.Transient()))
          .hasMessageStartingWith("open /leases/queue: ");
      assertThat(deadline.hasExpired()).isTrue();
    }
  }

  @Test
  void aRefusalIsNotAskedForAgain() throws Exception {
    try (CuratorFramework client = clientWithoutRetries()) {
      List<ACL> readOnly = List.of(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
      client.create().withACL(readOnly).forPath("/leases", new byte[0]);
      Deadline deadline = in(PATIENCE);
      assertThatThrownBy(
              () -> ZooKeeperLeaseStore.open(client, "/leases", deadline, Observer.none()))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.advice()).isEqualTo(new Advice.Permanent()))
          .hasMessage("open /leases/queue: NOAUTH");
      assertThat(deadline.hasExpired()).isFalse();
    }
  }
}
