package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** A ZooKeeper server that can be paused, killed and cut off, and brought back with its data. */
final class ServerInContainer implements AutoCloseable {

  private static final int PORT = 2181;
  private static final String DOCKERFILE = "dev/ashlar/leases/zookeeper/zookeeper.Dockerfile";
  private static final int CONNECT_MILLIS = 2_000;

  /** One class of each jar that the server needs; the jars are those of this class path. */
  private static final List<String> CLASSES =
      List.of(
          "org.apache.zookeeper.server.ZooKeeperServerMain",
          "org.apache.jute.Record",
          "org.slf4j.LoggerFactory",
          "com.codahale.metrics.Reservoir",
          "org.xerial.snappy.Snappy",
          "org.apache.commons.io.FileUtils");

  private final Network network = Network.newNetwork();
  private final int port = freePort();
  private final GenericContainer<?> container =
      new GenericContainer<>(image())
          .withNetwork(network)
          .withExposedPorts(PORT)
          .withCreateContainerCmdModifier(
              // The port stays the same when the container is started again.
              command -> requireNonNull(command.getHostConfig()).withPortBindings(binding()))
          .waitingFor(Wait.forListeningPort());

  ServerInContainer() {
    try {
      container.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static ImageFromDockerfile image() {
    ImageFromDockerfile image =
        new ImageFromDockerfile("ashlar-test-zookeeper", false)
            .withFileFromClasspath("Dockerfile", DOCKERFILE);
    for (String name : CLASSES) {
      Path jar = jarOf(name);
      image.withFileFromPath("lib/" + jar.getFileName(), jar);
    }
    return image;
  }

  private static Path jarOf(String name) {
    try {
      ClassLoader loader = ServerInContainer.class.getClassLoader();
      Class<?> type = Class.forName(name, false, loader);
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (Exception e) {
      throw new AssertionError(name + ": in no jar of this class path", e);
    }
  }

  private PortBinding binding() {
    return new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(PORT));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  CuratorFramework client(int sessionMillis) {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString("127.0.0.1:" + port)
            .sessionTimeoutMs(sessionMillis)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(new RetryOneTime(10))
            .build();
    client.start();
    return client;
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  /** What can happen to a server without its knowing. */
  enum Fault {
    /** The process stands still, and goes on later: what it was asked meanwhile is done late. */
    PAUSE {
      @Override
      void begin(ServerInContainer server) {
        server.docker().pauseContainerCmd(server.container.getContainerId()).exec();
      }

      @Override
      void end(ServerInContainer server) {
        server.docker().unpauseContainerCmd(server.container.getContainerId()).exec();
      }
    },
    /** The process dies between two instructions, and is started again on its files. */
    KILL {
      @Override
      void begin(ServerInContainer server) {
        server.docker().killContainerCmd(server.container.getContainerId()).exec();
      }

      @Override
      void end(ServerInContainer server) {
        server.docker().startContainerCmd(server.container.getContainerId()).exec();
      }
    },
    /** The process is well, and nobody reaches it; its answers reach nobody. */
    CUT {
      @Override
      void begin(ServerInContainer server) {
        server
            .docker()
            .disconnectFromNetworkCmd()
            .withNetworkId(server.network.getId())
            .withContainerId(server.container.getContainerId())
            .exec();
      }

      @Override
      void end(ServerInContainer server) {
        server
            .docker()
            .connectToNetworkCmd()
            .withNetworkId(server.network.getId())
            .withContainerId(server.container.getContainerId())
            .exec();
      }
    };

    abstract void begin(ServerInContainer server);

    abstract void end(ServerInContainer server);
  }

  @Override
  public void close() {
    container.close();
    network.close();
  }
}
