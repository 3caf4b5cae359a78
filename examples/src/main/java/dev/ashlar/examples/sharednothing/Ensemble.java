package dev.ashlar.examples.sharednothing;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.zookeeper.ZooKeeperLeaseStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Three ZooKeeper servers in this process that vote, each with a folder and ports of its own. */
final class Ensemble implements AutoCloseable {

  private static final int SERVERS = 3;
  private static final int TICK_MILLIS = 200;

  /** A lease lasts two thirds of it. */
  private static final int SESSION_MILLIS = 4_500;

  private static final Duration OPEN_MAX = Duration.ofSeconds(60);

  private final TimeSource time;
  private final Path folder;
  private final int[] ports;
  private final List<Optional<Running>> servers = new ArrayList<>();
  private final List<ZooKeeperLeaseStore> stores = new ArrayList<>();
  private final List<CuratorFramework> clients = new ArrayList<>();

  private Ensemble(Path folder, int[] ports, TimeSource time) {
    this.folder = folder;
    this.ports = ports;
    this.time = time;
  }

  static Ensemble start(TimeSource time) throws IOException {
    // Nobody comes back to these servers after the process has ended, so they need not wait for
    // disks.
    System.setProperty("zookeeper.forceSync", "no");
    System.setProperty("zookeeper.preAllocSize", "1024");
    Path folder = Files.createTempDirectory("shared-nothing");
    Ensemble ensemble = new Ensemble(folder, freePorts(3 * SERVERS), time);
    for (int i = 0; i < SERVERS; i++) {
      Path own = Files.createDirectory(ensemble.folder(i));
      Files.writeString(own.resolve("myid"), "" + (i + 1));
      ensemble.servers.add(Optional.empty());
      ensemble.begin(i);
    }
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

  private Path folder(int server) {
    return folder.resolve("server-" + (server + 1));
  }

  /** Starts a server, or starts it again with its files. */
  void begin(int server) {
    Running running = new Running(config(server));
    Thread thread = new Thread(running, "server-" + (server + 1));
    thread.setDaemon(true);
    thread.start();
    servers.set(server, Optional.of(running));
  }

  /** Ends a server with all its connections, and leaves its files. */
  void kill(int server) {
    servers.get(server).ifPresent(QuorumPeerMain::close);
    servers.set(server, Optional.empty());
  }

  private QuorumPeerConfig config(int server) {
    Properties properties = new Properties();
    properties.setProperty("dataDir", folder(server).toString());
    properties.setProperty("tickTime", "" + TICK_MILLIS);
    properties.setProperty("initLimit", "50");
    properties.setProperty("syncLimit", "20");
    for (int i = 0; i < SERVERS; i++) {
      String ends = "127.0.0.1:%d:%d;127.0.0.1:%d";
      properties.setProperty(
          "server." + (i + 1), ends.formatted(ports[3 * i + 1], ports[3 * i + 2], ports[3 * i]));
    }
    QuorumPeerConfig config = new QuorumPeerConfig();
    try {
      config.parseProperties(properties);
    } catch (IOException | QuorumPeerConfig.ConfigException e) {
      throw new IllegalStateException("zookeeper: " + e.getMessage(), e);
    }
    return config;
  }

  /** Connects a node, with a session of its own. */
  ZooKeeperLeaseStore store() throws InterruptedException {
    String addresses =
        IntStream.range(0, SERVERS)
            .mapToObj(i -> "127.0.0.1:" + ports[3 * i])
            .collect(Collectors.joining(","));
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(addresses)
            .sessionTimeoutMs(SESSION_MILLIS)
            .connectionTimeoutMs(SESSION_MILLIS)
            .retryPolicy(new RetryOneTime(10))
            .build();
    client.start();
    clients.add(client);
    ZooKeeperLeaseStore store =
        ZooKeeperLeaseStore.open(client, "/shop", Deadline.after(OPEN_MAX, time), Observer.none());
    stores.add(store);
    return store;
  }

  /** Stores go first, then their clients, then the servers. */
  @Override
  public void close() throws IOException {
    stores.forEach(ZooKeeperLeaseStore::close);
    clients.forEach(CuratorFramework::close);
    for (int i = 0; i < SERVERS; i++) {
      kill(i);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static final class Running extends QuorumPeerMain implements Runnable {
    private final QuorumPeerConfig config;

    Running(QuorumPeerConfig config) {
      this.config = config;
    }

    @Override
    public void run() {
      try {
        runFromConfig(config);
      } catch (Exception e) {
        throw new IllegalStateException("zookeeper: " + e.getMessage(), e);
      }
    }
  }
}
