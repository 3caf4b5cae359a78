package dev.ashlar.examples.benchmarks.leases;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * The main class of a process that is a ZooKeeper server of one node, forced at each group of
 * commits, as it is by itself. It ends with its input, so also with the process that started it.
 */
final class ZooKeeperNode {

  private static final int TICK_MILLIS = 2000;

  private ZooKeeperNode() {}

  /** Says its port, and serves until its input ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.setProperty("zookeeper.admin.enableServer", "false");
    File folder = new File(arguments[0]);
    ZooKeeperServer server = new ZooKeeperServer(folder, folder, TICK_MILLIS);
    NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
    connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    connections.startup(server);
    System.out.println(connections.getLocalPort());
    while (System.in.read() >= 0) {
      // Nobody writes to it.
    }
    Runtime.getRuntime().halt(0);
  }
}
