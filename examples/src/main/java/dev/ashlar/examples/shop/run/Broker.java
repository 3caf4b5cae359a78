package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.nio.file.Path;
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
  private final MessageQueue entrance;

  private Broker(Connections pool, String password, Optional<Server> server, Queues connected) {
    this.pool = pool;
    this.password = password;
    this.server = server;
    for (Service service : Service.values()) {
      queues.put(service, connected.in(service));
    }
    entrance = connected.out(Service.ORDERS);
  }

  /** Opens a broker for this process alone. */
  static Broker open(Path folder, Schedule schedule, FaultLog log, TimeSource time) {
    Connections pool = connections(folder, "", time);
    JdbcSchema.create(pool.asSource());
    return new Broker(pool, "", Optional.empty(), new Queues(pool.asSource(), schedule, log, time));
  }

  /** Opens a broker for other processes of this machine that know its password. */
  static Broker serve(Path folder, Schedule schedule, FaultLog log, TimeSource time) {
    System.setProperty(BIND_ADDRESS, "127.0.0.1");
    String password = newPassword();
    Connections pool = connections(folder, password, time);
    JdbcSchema.create(pool.asSource());
    try {
      Server server =
          Server.createTcpServer(
                  "-tcpPort", "0", "-tcpPassword", newPassword(), "-baseDir", folder.toString())
              .start();
      Queues connected = new Queues(pool.asSource(), schedule, log, time);
      return new Broker(pool, password, Optional.of(server), connected);
    } catch (SQLException e) {
      throw new IllegalStateException("broker: cannot be served", e);
    }
  }

  private static Connections connections(Path folder, String password, TimeSource time) {
    return new Connections(
        H2Files.open(folder, H2Files.BROKER, password), new Lifeline(H2Files.BROKER, time));
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

  /** Returns the way by which orders come in. */
  MessageQueue entrance() {
    return entrance;
  }

  /** Returns how many messages a service has before it; those set aside are not. */
  long waiting(Service service, Deadline deadline) throws InterruptedException {
    MessageQueue queue = queues.get(service);
    if (queue == null) {
      throw new IllegalStateException(service.label() + ": no queue");
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
