package dev.ashlar.leases.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 *              TO_SERVER
 *            ------------>
 *   client                  server      a thread for each way of each connection, and one that accepts
 *            <------------
 *              TO_CLIENT
 *
 * A thread whose way is held keeps what it has read and reads no more, so whoever sends fills its own buffers, as
 * before a network that swallows everything. News of an end is sent like bytes: it is held as well.
 */

/**
 * The path from clients on this machine to a server, over TCP: a test can have it swallow what goes
 * one way or both, break it, and heal it. What is swallowed is kept, and arrives late or never.
 *
 * <p><b>Guarantees.</b> What arrives of a connection arrives in its order, and once. While a way is
 * held nothing that was sent after {@link #hold} returned arrives, and nobody is told so, new
 * connections included: whoever waits for an answer waits. What was held arrives after {@link
 * #heal}, also if its sender has closed the connection since; never, if {@link #drop} was called
 * before.
 *
 * <p><b>Not guaranteed.</b> That bytes which were sent before {@link #hold} was called are held. A
 * connection to a path that is held can still be opened, as through a balancer that is well while
 * what is behind it is not.
 *
 * <p><b>Failures.</b> A server that refuses a connection, and a break of one, look to the client
 * like a connection that ends.
 *
 * <p><b>Threads.</b> Safe. Threads are daemons, and end with the path.
 *
 * <p><b>Limits.</b> {@value #CONNECTIONS_MAX} connections at once, because each needs two threads;
 * one more ends at once.
 */
public final class ClientPath implements AutoCloseable {

  /** The most connections at once. */
  public static final int CONNECTIONS_MAX = 100;

  private static final int CHUNK = 8192;
  private static final int BACKLOG = 50;

  private final String host;
  private final int serverPort;
  private final ServerSocket entrance;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Set<Way> held = EnumSet.noneOf(Way.class);
  private final Set<Line> lines = new HashSet<>();
  private boolean closed;

  private ClientPath(String host, int serverPort, ServerSocket entrance) {
    this.host = host;
    this.serverPort = serverPort;
    this.entrance = entrance;
  }

  /** Where bytes go. */
  public enum Way {
    /** Requests. */
    TO_SERVER,
    /** Answers. */
    TO_CLIENT
  }

  /** Returns a path to a server, that can be used at once. */
  public static ClientPath to(String host, int port) {
    try {
      ServerSocket entrance = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
      ClientPath path = new ClientPath(host, port, entrance);
      daemon("client-path", path::accept);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where clients connect to, on this machine's loopback address. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** Keeps back what goes these ways, and those held before. */
  public void hold(Way... ways) {
    lock.lock();
    try {
      held.addAll(List.of(ways));
    } finally {
      lock.unlock();
    }
  }

  /** Lets everything pass, also what was kept back. */
  public void heal() {
    lock.lock();
    try {
      held.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Breaks every connection; what was kept back of it never arrives. Others can be opened. */
  public void drop() {
    for (Line line : all()) {
      line.end();
    }
  }

  /**
   * Returns how many connections there are, ended ones included of which something is kept back.
   */
  public int connections() {
    return all().size();
  }

  private List<Line> all() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /** Breaks every connection, and takes no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    closeQuietly(entrance);
    drop();
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        connect(entrance.accept());
      }
    } catch (IOException e) {
      // The path is closed.
    }
  }

  private void connect(Socket client) {
    try {
      Line line = new Line(client, new Socket(host, serverPort));
      if (added(line)) {
        line.begin();
      } else {
        line.end();
      }
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private boolean added(Line line) {
    lock.lock();
    try {
      return !closed && lines.size() < CONNECTIONS_MAX && lines.add(line);
    } finally {
      lock.unlock();
    }
  }

  private static void closeQuietly(Closeable some) {
    try {
      some.close();
    } catch (IOException e) {
      // It is of no use any more either way.
    }
  }

  /** One connection; told apart by identity. */
  private final class Line {
    private final Socket client;
    private final Socket server;

    // Guarded by the path's lock.
    private int waysOpen = Way.values().length;
    private boolean ended;

    Line(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void begin() {
      daemon("client-path-to-server", () -> carry(Way.TO_SERVER, client, server));
      daemon("client-path-to-client", () -> carry(Way.TO_CLIENT, server, client));
    }

    private void carry(Way way, Socket from, Socket to) {
      try {
        if (carriedAll(way, from, to)) {
          endWay();
        }
      } catch (IOException e) {
        // A break has no direction: it is told of when both ways are open.
        if (awaitPassage(EnumSet.allOf(Way.class))) {
          end();
        }
      }
    }

    /** Returns whether it came to the sender's end, and not to that of the connection. */
    private boolean carriedAll(Way way, Socket from, Socket to) throws IOException {
      byte[] some = new byte[CHUNK];
      while (true) {
        int count = from.getInputStream().read(some);
        if (!awaitPassage(EnumSet.of(way))) {
          return false;
        }
        if (count < 0) {
          to.shutdownOutput();
          return true;
        }
        to.getOutputStream().write(some, 0, count);
      }
    }

    /** Waits until none of the ways is held; returns whether the connection still is one. */
    private boolean awaitPassage(Set<Way> ways) {
      lock.lock();
      try {
        while (!ended && ways.stream().anyMatch(held::contains)) {
          changed.awaitUninterruptibly();
        }
        return !ended;
      } finally {
        lock.unlock();
      }
    }

    private void endWay() {
      boolean last;
      lock.lock();
      try {
        waysOpen--;
        last = waysOpen == 0;
      } finally {
        lock.unlock();
      }
      if (last) {
        end();
      }
    }

    void end() {
      lock.lock();
      try {
        ended = true;
        lines.remove(this);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      closeQuietly(client);
      closeQuietly(server);
    }
  }
}
