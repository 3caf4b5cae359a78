package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Three real ZooKeeper servers in this JVM that vote, each with a folder and ports of its own. */
final class Ensemble implements AutoCloseable {

  static final int SESSION_MILLIS = 6_000;
  private static final int NODES = 3;
  private static final int TICK_MILLIS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Node> nodes = new ArrayList<>();

  private Ensemble() throws IOException {
    int[] ports = freePorts(3 * NODES);
    for (int i = 0; i < NODES; i++) {
      nodes.add(new Node(i, ports));
    }
  }

  static Ensemble start() throws Exception {
    Ensemble ensemble = new Ensemble();
    for (int i = 0; i < NODES; i++) {
      ensemble.begin(i);
    }
    ensemble.awaitLeader();
    return ensemble;
  }

  private static int[] freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  /** Returns a client that knows all servers. */
  CuratorFramework client() {
    return client(SESSION_MILLIS);
  }

  CuratorFramework client(int sessionMillis) {
    String addresses = nodes.stream().map(Node::address).collect(Collectors.joining(","));
    return Server.client(addresses, sessionMillis, new RetryOneTime(10));
  }

  void begin(int node) {
    nodes.get(node).begin();
  }

  /** Ends a server with all its connections, and leaves its files. */
  void kill(int node) {
    nodes.get(node).kill();
  }

  /** Restarts all servers, one after the other. */
  void restart() throws Exception {
    for (int node = 0; node < NODES; node++) {
      kill(node);
      awaitLeader();
      begin(node);
      awaitServing(node);
    }
  }

  void awaitLeader() throws Exception {
    Eventually.holds(
        "a leader", PATIENCE, () -> nodes.stream().anyMatch(one -> one.is(ServerState.LEADING)));
  }

  /** Waits until a server serves, as whatever. */
  void awaitServing(int node) throws Exception {
    Eventually.holds(
        "a server",
        PATIENCE,
        () -> nodes.get(node).is(ServerState.FOLLOWING) || nodes.get(node).is(ServerState.LEADING));
  }

  int leader() {
    return IntStream.range(0, NODES)
        .filter(i -> nodes.get(i).is(ServerState.LEADING))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    for (Node node : nodes) {
      node.kill();
      Server.delete(node.folder);
    }
  }

  private static final class Node {
    private final int id;
    private final int[] ports;
    private final Path folder = Server.freshFolder();
    private Optional<Running> running = Optional.empty();

    Node(int id, int[] ports) throws IOException {
      this.id = id;
      this.ports = ports;
      Files.writeString(folder.resolve("myid"), String.valueOf(id + 1));
    }

    String address() {
      return "127.0.0.1:" + ports[3 * id];
    }

    private QuorumPeerConfig config() {
      Properties properties = new Properties();
      properties.setProperty("dataDir", folder.toString());
      properties.setProperty("tickTime", String.valueOf(TICK_MILLIS));
      properties.setProperty("initLimit", "50");
      properties.setProperty("syncLimit", "20");
      properties.setProperty("maxSessionTimeout", "60000");
      for (int i = 0; i < NODES; i++) {
        properties.setProperty(
            "server." + (i + 1),
            "127.0.0.1:%d:%d;127.0.0.1:%d"
                .formatted(ports[3 * i + 1], ports[3 * i + 2], ports[3 * i]));
      }
      try {
        QuorumPeerConfig config = new QuorumPeerConfig();
        config.parseProperties(properties);
        return config;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (QuorumPeerConfig.ConfigException e) {
        throw new IllegalStateException(e);
      }
    }

    void begin() {
      Running begun = new Running(config());
      running = Optional.of(begun);
      Thread thread = new Thread(begun, "server-" + (id + 1));
      thread.setDaemon(true);
      thread.start();
    }

    void kill() {
      running.ifPresent(QuorumPeerMain::close);
      running = Optional.empty();
    }

    boolean is(ServerState state) {
      return running
          .flatMap(Running::peer)
          .filter(peer -> peer.isRunning() && peer.getPeerState() == state)
          .isPresent();
    }
  }

  private static final class Running extends QuorumPeerMain implements Runnable {
    private final QuorumPeerConfig config;

    Running(QuorumPeerConfig config) {
      this.config = config;
    }

    Optional<QuorumPeer> peer() {
      return Optional.ofNullable(quorumPeer);
    }

    @Override
    public void run() {
      try {
        runFromConfig(config);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
