package dev.ashlar.examples.benchmarks.leases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between clients and a server, hands on every byte, and counts how often a client speaks
 * after the server has: what several calls send together is one trip.
 */
final class Wire implements AutoCloseable {

  private static final int BUFFER_BYTES = 8192;

  private final ServerSocket listening;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong trips = new AtomicLong();

  private Wire(ServerSocket listening, int target) {
    this.listening = listening;
    this.target = target;
  }

  /** Listens at a port of its own, for what listens at the target. */
  static Wire before(int target) throws IOException {
    Wire wire = new Wire(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), target);
    start("wire", wire::accept);
    return wire;
  }

  int port() {
    return listening.getLocalPort();
  }

  long trips() {
    return trips.get();
  }

  private static void start(String name, Moving moving) {
    Thread thread =
        new Thread(
            () -> {
              try {
                moving.move();
              } catch (IOException e) {
                // An end of a connection, on whichever side.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @FunctionalInterface
  private interface Moving {
    void move() throws IOException;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.addAll(List.of(client, server));
      AtomicBoolean clientSpoke = new AtomicBoolean();
      start("wire-out", () -> move(client, server, clientSpoke, true));
      start("wire-back", () -> move(server, client, clientSpoke, false));
    }
  }

  private void move(Socket from, Socket to, AtomicBoolean clientSpoke, boolean isClient)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (clientSpoke.getAndSet(isClient) != isClient && isClient) {
          trips.incrementAndGet();
        }
        out.write(buffer, 0, length);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
