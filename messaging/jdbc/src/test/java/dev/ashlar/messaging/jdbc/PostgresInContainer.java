package dev.ashlar.messaging.jdbc;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.ashlar.core.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** A PostgreSQL server that can be paused, killed and cut off, and brought back with its data. */
final class PostgresInContainer implements AutoCloseable {

  private static final int PORT = 5432;
  private static final String DOCKERFILE = "dev/ashlar/messaging/jdbc/postgresql.Dockerfile";

  private final Network network = Network.newNetwork();
  private final int port = freePort();
  private final GenericContainer<?> container =
      new GenericContainer<>(
              new ImageFromDockerfile("ashlar-test-postgresql", false)
                  .withFileFromClasspath("Dockerfile", DOCKERFILE))
          .withNetwork(network)
          .withExposedPorts(PORT)
          .withCreateContainerCmdModifier(
              // The port stays the same when the container is started again.
              command -> requireNonNull(command.getHostConfig()).withPortBindings(binding()))
          .waitingFor(Wait.forLogMessage(".*ready to accept connections.*", 1));

  PostgresInContainer() {
    try {
      container.start();
    } catch (RuntimeException e) {
      close();
      throw e;
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

  /** Returns connections that give up soon: a server that was cut off never says so. */
  DataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("ashlar");
    source.setConnectTimeout(2);
    source.setLoginTimeout(2);
    source.setSocketTimeout(3);
    return source;
  }

  void awaitAnswer() throws Exception {
    Eventually.holds("the server answers", Duration.ofSeconds(30), this::answers);
  }

  private boolean answers() {
    try (Connection connection = dataSource().getConnection()) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  /** What can happen to a server without its knowing. */
  enum Fault {
    /** The process stands still, and goes on later: what it was asked meanwhile is done late. */
    PAUSE {
      @Override
      void begin(PostgresInContainer server) {
        server.docker().pauseContainerCmd(server.container.getContainerId()).exec();
      }

      @Override
      void end(PostgresInContainer server) {
        server.docker().unpauseContainerCmd(server.container.getContainerId()).exec();
      }
    },
    /** The process dies between two instructions, and is started again on its files. */
    KILL {
      @Override
      void begin(PostgresInContainer server) {
        server.docker().killContainerCmd(server.container.getContainerId()).exec();
      }

      @Override
      void end(PostgresInContainer server) {
        server.docker().startContainerCmd(server.container.getContainerId()).exec();
      }
    },
    /** The process is well, and nobody reaches it; its answers reach nobody. */
    CUT {
      @Override
      void begin(PostgresInContainer server) {
        server
            .docker()
            .disconnectFromNetworkCmd()
            .withNetworkId(server.network.getId())
            .withContainerId(server.container.getContainerId())
            .exec();
      }

      @Override
      void end(PostgresInContainer server) {
        server
            .docker()
            .connectToNetworkCmd()
            .withNetworkId(server.network.getId())
            .withContainerId(server.container.getContainerId())
            .exec();
      }
    };

    abstract void begin(PostgresInContainer server);

    abstract void end(PostgresInContainer server);
  }

  @Override
  public void close() {
    container.close();
    network.close();
  }
}
