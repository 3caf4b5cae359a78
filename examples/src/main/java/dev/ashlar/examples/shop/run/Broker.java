package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.KeyGenerator;
import org.h2.tools.Server;

/** The database with the queues: open in this process, and served to others if they are to come. */
final class Broker implements AutoCloseable {

  private static final String BIND_ADDRESS = "h2.bindAddress";

  private final Connections pool;
  private final String password;
  private final Optional<Server> server;
  private final Map<Service, MessageQueue> queues = new EnumMap<>(Service.class);

  private Broker(Connections pool, String password, Optional<Server> server, Queues connected) {
    this.pool = pool;
    this.password = password;
    this.server = server;
    for (Service service : Service.values()) {
      if (!service.isAskedOverHttp()) {
        queues.put(service, connected.in(service));
      }
    }
  }

  /** Opens a broker for this process alone. */
  static Broker open(World world) {
    Connections pool = connections(world, "");
    JdbcSchema.create(pool.asSource());
    return new Broker(pool, "", Optional.empty(), queues(pool, world));
  }

  /** Opens a broker for other processes of this machine that know its password. */
  static Broker serve(World world) {
    System.setProperty(BIND_ADDRESS, "127.0.0.1");
    String password = newPassword();
    Connections pool = connections(world, password);
    JdbcSchema.create(pool.asSource());
    try {
      Server server =
          Server.createTcpServer(
                  "-tcpPort",
                  "0",
                  "-tcpPassword",
                  newPassword(),
                  "-baseDir",
                  world.folder().toString())
              .start();
      Queues connected = queues(pool, world);
      return new Broker(pool, password, Optional.of(server), connected);
    } catch (SQLException e) {
      throw new IllegalStateException("broker: cannot be served", e);
    }
  }

  private static Queues queues(Connections pool, World world) {
    return new Queues(
        pool.asSource(), world.schedule(), world.log(), Observer.none(), world.time());
  }

  private static Connections connections(World world, String password) {
    return new Connections(
        H2Files.open(world.folder(), H2Files.BROKER, password),
        new Lifeline(H2Files.BROKER, world.time()));
  }

  /** A key is as good a password as any. */
  private static String newPassword() {
    try {
      return HexFormat.of().formatHex(KeyGenerator.getInstance("AES").generateKey().getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("AES: missing (expected: every Java platform has it)", e);
    }
  }

  String password() {
    return password;
  }

  int port() {
    return server.orElseThrow().getPort();
  }

  /** Returns how many messages a service has before it; those set aside are not. */
  long waiting(Service service, Deadline deadline) throws InterruptedException {
    MessageQueue queue = queues.get(service);
    if (queue == null) {
      return 0;
    }
    MessageQueue.Depth depth = queue.depth(deadline);
    return depth.waiting() + depth.inFlight();
  }

  /** Closes the file, which then needs no password any more. */
  @Override
  public void close() {
    server.ifPresent(Server::stop);
    try (Connection connection = pool.asSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER USER " + H2Files.USER + " SET PASSWORD ''");
    } catch (SQLException e) {
      throw new IllegalStateException("broker: cannot be closed", e);
    }
    pool.close();
  }
}
