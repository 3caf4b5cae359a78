package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.retry.RetryOneTime;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** A ZooKeeper server that can be paused, killed and cut off, and brought back with its data. */
final class ServerInContainer implements AutoCloseable {

  /** The clients' port inside the container. */
  static final int PORT = 2181;

  private static final String DOCKERFILE = "dev/ashlar/leases/zookeeper/zookeeper.Dockerfile";

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
              command -> requireNonNull(command.getHostConfig()).withPortBindings(binding(port)))
          .waitingFor(Wait.forListeningPort());

  ServerInContainer() {
    try {
      container.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Returns the image of a server, whose command starts it by itself. */
  static ImageFromDockerfile image() {
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

  /** Publishes the clients' port of a container to this machine alone. */
  static PortBinding binding(int port) {
    return new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(PORT));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  CuratorFramework client(int sessionMillis) {
    return Server.client("127.0.0.1:" + port, sessionMillis, new RetryOneTime(10));
  }

  int port() {
    return port;
  }

  /** Returns where a fault can happen. */
  Fault.Site site() {
    return new Fault.Site(
        container.getDockerClient(), container.getContainerId(), network.getId(), "server");
  }

  @Override
  public void close() {
    container.close();
    network.close();
  }
}
