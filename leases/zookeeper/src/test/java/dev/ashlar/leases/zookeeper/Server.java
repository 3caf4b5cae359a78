package dev.ashlar.leases.zookeeper;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.RetryPolicy;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real ZooKeeper server of one node in this JVM, reachable from this machine only. */
final class Server implements AutoCloseable {

  /** Sessions end at whole ticks, so short ones make short waits. */
  private static final int TICK_MILLIS = 100;

  /** The timeout of the sessions of tests: their leases last two thirds of it. */
  static final int SESSION_MILLIS = 3_000;

  private static final int CONNECT_MILLIS = 2_000;

  private static final Set<Integer> READS =
      Set.of(OpCode.getData, OpCode.exists, OpCode.getChildren, OpCode.getChildren2);

  private static final Set<Integer> WRITES =
      Set.of(OpCode.create, OpCode.create2, OpCode.setData, OpCode.delete, OpCode.multi);

  private final AtomicBoolean losing = new AtomicBoolean();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger others = new AtomicInteger();
  private Path folder = freshFolder();
  private ZooKeeperServer server;
  private ServerCnxnFactory connections;
  private boolean closed;

  private Server() {
    startOn(0);
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

  void startOn(int port) {
    try {
      server = new Counting(folder.toFile());
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
    return client(sessionMillis, new RetryOneTime(10));
  }

  CuratorFramework client(int sessionMillis, RetryPolicy retries) {
    return client(address(), sessionMillis, retries);
  }

  static CuratorFramework client(String address, int sessionMillis, RetryPolicy retries) {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(address)
            .sessionTimeoutMs(sessionMillis)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(retries)
            .build();
    client.start();
    return client;
  }

  /** Carries out the next write, and ends its connection instead of answering. */
  void loseNextAnswer() {
    losing.set(true);
  }

  /** Returns what was asked of this server so far, pings and the like left out. */
  Requests requests() {
    return new Requests(reads.get(), writes.get(), others.get());
  }

  /**
   * Requests to a server.
   *
   * @param others syncs, and watches that were taken back
   */
  record Requests(int reads, int writes, int others) {
    Requests since(Requests before) {
      return new Requests(reads - before.reads, writes - before.writes, others - before.others);
    }
  }

  private final class Counting extends ZooKeeperServer {
    Counting(File folder) throws IOException {
      super(folder, folder, TICK_MILLIS);
    }

    /** What is asked is carried out, and the connection ends before the answer. */
    @Override
    public DataTree.ProcessTxnResult processTxn(Request request) {
      DataTree.ProcessTxnResult result = super.processTxn(request);
      if (request.cnxn != null
          && WRITES.contains(request.type)
          && losing.compareAndSet(true, false)) {
        request.cnxn.close(ServerCnxn.DisconnectReason.CONNECTION_CLOSE_FORCED);
      }
      return result;
    }

    @Override
    public void submitRequestNow(Request request) {
      if (READS.contains(request.type)) {
        reads.incrementAndGet();
      } else if (WRITES.contains(request.type)) {
        writes.incrementAndGet();
      } else if (request.type == OpCode.sync || request.type == OpCode.removeWatches) {
        others.incrementAndGet();
      }
      super.submitRequestNow(request);
    }
  }

  /** Ends a session as the server does when it has not heard from it in time. */
  void expire(long session) {
    server.closeSession(session);
  }

  /** Stops, and starts again on the same port with the same files. */
  void restart() {
    int port = port();
    stop();
    startOn(port);
  }

  /** Stops, and starts again on the same port with nothing. */
  void restartWithoutData() {
    int port = port();
    stop();
    delete(folder);
    folder = freshFolder();
    startOn(port);
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

  static Path freshFolder() {
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

  static void delete(Path folder) {
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
