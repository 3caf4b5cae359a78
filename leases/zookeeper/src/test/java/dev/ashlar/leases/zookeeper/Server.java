package dev.ashlar.leases.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real ZooKeeper server of one node in this JVM, reachable from this machine only. */
final class Server implements AutoCloseable {

  /** Sessions end at whole ticks, so short ones make short waits. */
  private static final int TICK_MILLIS = 100;

  /** The timeout of the sessions of tests: their leases last two thirds of it. */
  static final int SESSION_MILLIS = 3_000;

  private static final int CONNECT_MILLIS = 2_000;

  private Path folder = freshFolder();
  private ZooKeeperServer server;
  private ServerCnxnFactory connections;
  private boolean closed;

  private Server() {
    startFresh(0);
  }

  /** Returns the server that all tests of this JVM share, started by the first one. */
  static Server shared() {
    return Shared.SERVER;
  }

  /** Returns a server of its own, which ends with this JVM at the latest. */
  static Server start() {
    Server server = new Server();
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    return server;
  }

  private void startFresh(int port) {
    try {
      server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MILLIS);
      server.setMinSessionTimeout(TICK_MILLIS);
      server.setMaxSessionTimeout(60_000);
      connections = new NIOServerCnxnFactory();
      connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      connections.startup(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  int port() {
    return connections.getLocalPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  ZooKeeperServer inside() {
    return server;
  }

  /** Returns a client that retries nothing for long; to be closed by the caller. */
  CuratorFramework client() {
    return client(SESSION_MILLIS);
  }

  CuratorFramework client(int sessionMillis) {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(address())
            .sessionTimeoutMs(sessionMillis)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(new RetryOneTime(10))
            .build();
    client.start();
    return client;
  }

  /** Ends a session as the server does when it has not heard from it in time. */
  void expire(long session) {
    server.closeSession(session);
  }

  /** Stops, and starts again on the same port with the same files. */
  void restart() {
    int port = port();
    stop();
    startFresh(port);
  }

  /** Stops, and starts again on the same port with nothing. */
  void restartWithoutData() {
    int port = port();
    stop();
    delete(folder);
    folder = freshFolder();
    startFresh(port);
  }

  void stop() {
    connections.shutdown();
    server.shutdown(true);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      stop();
      delete(folder);
    }
  }

  private static Path freshFolder() {
    // A test loses nothing when the machine does, and is much faster.
    System.setProperty("zookeeper.forceSync", "no");
    System.setProperty("zookeeper.admin.enableServer", "false");
    System.setProperty("zookeeper.preAllocSize", "1024");
    System.setProperty("znode.container.checkIntervalMs", "3600000");
    try {
      return Files.createTempDirectory("ashlar-zookeeper");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException failure)
                throws IOException {
              Files.delete(left);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Shared {
    static final Server SERVER = start();
  }
}
