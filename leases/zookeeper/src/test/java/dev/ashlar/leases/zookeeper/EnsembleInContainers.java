package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;

/*
 * Each server is in two networks:
 *
 *   clients --- port on this machine ---> [ outside ] --- server-1 --- [ peers ] --- server-2, server-3
 *
 * so one that is cut off from the others is still reached by its clients, who are then on the smaller side of a
 * partition. The inner network leads nowhere else, so the engine never moves the clients' ports to it.
 *
 * A server that comes back may have another address. So names are asked for each time, and answered by the engine
 * alone: who is cut off has no name, and nobody outside shall be asked for it. The servers listen on all addresses,
 * and those that look for a leader tell each other so at least once a second, not once a minute.
 */

/** Three ZooKeeper servers that vote, each in a container of its own, and what happens to one. */
final class EnsembleInContainers implements AutoCloseable {

  private static final int NODES = 3;
  private static final int ANSWER_MILLIS = 1_000;
  private static final int CONNECT_MILLIS = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NOBODY = "127.0.0.1";
  private static final String LEADER = "leader";
  private static final String FOLLOWER = "follower";

  private static final String[] COMMAND = {
    "java",
    "-Xmx128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dzookeeper.admin.enableServer=false",
    "-Dzookeeper.cnxTimeout=1000",
    "-Dzookeeper.fastleader.maxNotificationInterval=1000",
    "-Djava.net.preferIPv4Stack=true",
    "-Dsun.net.inetaddr.ttl=0",
    "-Dsun.net.inetaddr.negative.ttl=0",
    "-cp",
    "/zookeeper/lib/*",
    "org.apache.zookeeper.server.quorum.QuorumPeerMain",
    "/zookeeper/zoo.cfg"
  };

  private final Network outside = Network.newNetwork();
  private final Network peers =
      Network.builder().createNetworkCmdModifier(command -> command.withInternal(true)).build();
  private final List<Node> nodes = new ArrayList<>();

  EnsembleInContainers() {
    try {
      // Made here, once: their first users come side by side.
      outside.getId();
      String peersId = peers.getId();
      Future<String> image = ServerInContainer.image();
      for (int i = 0; i < NODES; i++) {
        nodes.add(new Node(i + 1, image, outside, peersId));
      }
      Startables.deepStart(nodes).join();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Two ticks of half a second are the shortest session, twenty the longest. */
  private static String config() {
    String servers =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(
                id -> "server.%d=%s:2888:3888;%d\n".formatted(id, name(id), ServerInContainer.PORT))
            .collect(Collectors.joining());
    return """
        dataDir=/zookeeper/data
        tickTime=500
        initLimit=20
        syncLimit=4
        quorumListenOnAllIPs=true
        """
        + servers;
  }

  private static String name(int id) {
    return "server-" + id;
  }

  /** Returns a client that knows one server only. */
  CuratorFramework clientOf(int node, int sessionMillis) {
    return client(List.of(nodes.get(node)), sessionMillis);
  }

  /** Returns a client that knows all servers but one. */
  CuratorFramework clientOfOthersThan(int node, int sessionMillis) {
    List<Node> others = new ArrayList<>(nodes);
    others.remove(node);
    return client(others, sessionMillis);
  }

  /** The servers' own list of addresses is of no use outside of their networks. */
  private static CuratorFramework client(List<Node> known, int sessionMillis) {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(known.stream().map(Node::address).collect(Collectors.joining(",")))
            .ensembleTracker(false)
            .sessionTimeoutMs(sessionMillis)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(new RetryOneTime(10))
            .build();
    client.start();
    return client;
  }

  void begin(Fault fault, int node) {
    fault.begin(nodes.get(node).site());
  }

  void end(Fault fault, int node) {
    fault.end(nodes.get(node).site());
  }

  /** Waits until all servers serve, one of them as the leader. */
  void awaitAll() throws Exception {
    Eventually.holds(
        "a leader and its followers",
        PATIENCE,
        () -> {
          List<String> modes = nodes.stream().flatMap(node -> node.mode().stream()).toList();
          return modes.stream().filter(LEADER::equals).count() == 1
              && modes.stream().filter(FOLLOWER::equals).count() == NODES - 1;
        });
  }

  int leader() {
    return first(LEADER);
  }

  int follower() {
    return first(FOLLOWER);
  }

  private int first(String mode) {
    return IntStream.range(0, NODES)
        .filter(node -> nodes.get(node).mode().filter(mode::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    outside.close();
    peers.close();
  }

  private static final class Node extends GenericContainer<Node> {
    private final int id;
    private final int port = ServerInContainer.freePort();
    private final String peersId;

    Node(int id, Future<String> image, Network outside, String peersId) {
      super(image);
      this.id = id;
      this.peersId = peersId;
      withNetwork(outside);
      withExposedPorts(ServerInContainer.PORT);
      withCommand(COMMAND);
      withCopyToContainer(Transferable.of(String.valueOf(id)), "/zookeeper/data/myid");
      withCopyToContainer(Transferable.of(config()), "/zookeeper/zoo.cfg");
      withCreateContainerCmdModifier(
          command ->
              requireNonNull(command.getHostConfig())
                  .withPortBindings(ServerInContainer.binding(port))
                  .withDns(NOBODY)
                  .withDnsOptions(List.of("timeout:1", "attempts:1")));
      waitingFor(Wait.forListeningPort());
    }

    @Override
    protected void containerIsCreated(String containerId) {
      site(containerId).connect();
    }

    private Fault.Site site(String containerId) {
      return new Fault.Site(getDockerClient(), containerId, peersId, name(id));
    }

    Fault.Site site() {
      return site(getContainerId());
    }

    String address() {
      return "127.0.0.1:" + port;
    }

    /** Returns what the server says that it is; empty if it serves nobody. */
    Optional<String> mode() {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(ANSWER_MILLIS);
        socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return answer
            .lines()
            .filter(line -> line.startsWith("Mode: "))
            .map(line -> line.substring("Mode: ".length()))
            .findFirst();
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }
}
