package dev.ashlar.leases.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.RejectionPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service with guarded numbers: {@code GET} and {@code PUT /numbers/NAME}, and {@code POST
 * /claims}.
 */
class Service implements AutoCloseable {

  /** The work of a request is rolled back at its end, as if nobody had asked. */
  static final String LOOK_ONLY = "test-look-only";

  /** The request stops at this gate, before the check or after it. */
  static final String GATE = "test-gate";

  static {
    // Read once, by the first server of a JVM: without it each answer takes 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Numbers numbers;
  private final Gates gates;
  private final HttpServer server;
  private final ExecutorService threads;
  private final FencedEndpoint<Connection> endpoint;
  private volatile boolean cut;

  Service(Numbers numbers, Floor<Connection> floor, RejectionPublisher rejections, Gates gates) {
    this.numbers = numbers;
    this.gates = gates;
    this.endpoint = FencedEndpoint.of(floor, rejections, Observer.none());
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "service");
              thread.setDaemon(true);
              return thread;
            });
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    var claims = endpoint.claims(TimeSource.system(), Duration.ofSeconds(30));
    server.createContext(
        "/claims",
        exchange -> {
          if (cut) {
            exchange.close();
          } else {
            claims.handle(exchange);
          }
        });
    server.createContext("/numbers/", this::numbers);
    server.start();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  void cut(boolean isCut) {
    cut = isCut;
  }

  private void numbers(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (cut) {
        return;
      }
      String path = exchange.getRequestURI().getPath();
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (exchange.getRequestMethod().equals("GET")) {
        answer(exchange, Long.toString(numbers.read(name)));
      } else {
        put(exchange, name);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void put(HttpExchange exchange, String name) throws IOException, SQLException {
    String body = new String(exchange.getRequestBody().readNBytes(32), StandardCharsets.US_ASCII);
    gates.pass("before " + header(exchange, GATE));
    Connection tx = numbers.begin();
    boolean committed = false;
    try {
      Admission admission = admit(endpoint, values(exchange, FenceHeader.NAME), tx, name);
      if (admission instanceof Admission.Refused refused) {
        refused.answer().send(exchange);
        return;
      }
      numbers.write(tx, name, Long.parseLong(body));
      gates.pass("after " + header(exchange, GATE));
      if (header(exchange, LOOK_ONLY).isEmpty()) {
        tx.commit();
        committed = true;
      }
      ((Admission.Admitted) admission)
          .answer()
          .headers()
          .forEach(exchange.getResponseHeaders()::set);
      answer(exchange, body);
    } finally {
      if (!committed) {
        tx.rollback();
      }
      tx.close();
    }
  }

  /** Overridden by twins only. */
  Admission admit(
      FencedEndpoint<Connection> checking, List<String> values, Connection tx, String name)
      throws SQLException {
    return checking.admit(values, tx, name);
  }

  private static String header(HttpExchange exchange, String name) {
    return String.join(",", values(exchange, name));
  }

  private static List<String> values(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getOrDefault(name, List.of());
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Interrupts nobody: an interrupt would close the files of the database. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
