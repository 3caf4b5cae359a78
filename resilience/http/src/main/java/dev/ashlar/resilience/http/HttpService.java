package dev.ashlar.resilience.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Answers questions over HTTP, in time or not at all.
 *
 * <p><b>Guarantees.</b> A question whose deadline has come, also while it waited for a thread, is
 * not given to its handler, and is answered once (CALL-23); the deadline starts when the first byte
 * arrives, and no clock but this machine's elapsed one counts (CALL-21). What comes beyond the
 * threads and the queue is answered 503 with a retry-after, or its connection is closed. Every
 * refusal says that no handler got the question. Nothing of a request stands in an answer to it,
 * apart from what its handler puts there.
 *
 * <p><b>Not guaranteed.</b> That a handler stops at its deadline: it is given the deadline and has
 * to keep it. Nor a body of our own where the JDK's server refuses by itself, before anything of
 * ours runs: a broken request line is answered 400 by it, with a line of HTML.
 *
 * <p><b>Failures.</b> To the caller a status and a small JSON document: 400 malformed, 404 unknown
 * path, 405 wrong method, 413, 414 and 431 too large, 415 wrong media type, 500 a handler's
 * mistake, 502 what a handler said of a backend, 503 overloaded, 504 too late. A request that is
 * sent too slowly loses its connection.
 *
 * <p><b>Threads.</b> Safe. It has its own, all daemons.
 *
 * <p><b>Limits.</b> {@link HttpServiceOptions}. A peer that still sends when it has been answered
 * is listened to for half a second. Starting one sets the system property {@code
 * sun.net.httpserver.nodelay} where nobody has set it: without it each answer takes 40 ms.
 *
 * <pre>{@code
 * HttpRoute<String, String> reserve = HttpRoute.post("/reserve", Codec.utf8(), Codec.utf8());
 * HttpRoutes routes = HttpRoutes.none().with(reserve, (product, context) -> "reserved " + product);
 * HttpService service = HttpService.start(routes, HttpServiceOptions.of(receiver));
 * URI address = service.address();
 * }</pre>
 */
public final class HttpService implements AutoCloseable {

  private static final int BACKLOG = 128;
  private static final int NO_BODY = -1;
  private static final Duration LINGER = Duration.ofMillis(500);

  /*
   * The JDK's server writes the headers and then the body. With Nagle's algorithm the body waits for
   * the peer to acknowledge the headers, which peers delay by 40 ms. There is no other way to it than
   * this property, which is read once, when the first server of the JVM is made.
   */
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  private final HttpServiceOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final Door door;
  private final Workers workers;
  private final HttpServer server;

  private HttpService(HttpRoutes routes, HttpServiceOptions options) throws IOException {
    this.options = requireNonNull(options, "options");
    this.time = options.receiver().time();
    this.observer = options.receiver().observer();
    this.door = new Door(requireNonNull(routes, "routes"), options);
    this.workers = new Workers(options);
    this.server = HttpServer.create(options.address(), BACKLOG);
  }

  /**
   * Starts to listen.
   *
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public static HttpService start(HttpRoutes routes, HttpServiceOptions options) {
    try {
      if (System.getProperty(NO_DELAY) == null) {
        System.setProperty(NO_DELAY, "true");
      }
      HttpService service = new HttpService(routes, options);
      service.server.createContext("/", service::exchange);
      service.server.setExecutor(service.workers);
      service.workers.start();
      service.server.start();
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + options.address().getPort(), e);
    }
  }

  /** Returns where it listens, as {@link HttpCaller} takes it. */
  public URI address() {
    InetSocketAddress bound = server.getAddress();
    String host = bound.getAddress().getHostAddress();
    String literal = host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
    return URI.create("http://" + literal + ":" + bound.getPort());
  }

  private void exchange(HttpExchange exchange) {
    Workers.Worker worker = (Workers.Worker) Thread.currentThread();
    try (exchange) {
      Reply reply = worker.refuses() ? overloaded() : reply(exchange, worker);
      // Whatever a handler left of an interrupt would close the connection at the first byte.
      boolean unused = Thread.interrupted();
      worker.watch().begin(options.writeMax());
      send(exchange, reply, worker.watch());
    } catch (IOException e) {
      // The peer went away, or was too slow; there is nobody to tell.
      observer.count("http.connection.lost", 1);
    }
  }

  private Reply overloaded() {
    observer.count("http.refused", 1);
    return Reply.refusal(Wire.OVERLOADED, "overloaded", "requests: all threads and places taken")
        .with(Wire.RETRY_AFTER, Wire.seconds(options.retryAfter()));
  }

  private Reply reply(HttpExchange exchange, Workers.Worker worker) throws IOException {
    try {
      Door.Entered entered = door.enter(exchange);
      CallContext context = context(entered.headers(), worker.arrivedNanos());
      Bytes body = door.body(exchange);
      worker.watch().pause();
      return answer(entered.bound(), entered.headers(), body, context);
    } catch (RefusedRequest e) {
      observer.count("http.rejected", 1);
      return e.reply();
    }
  }

  /** The deadline starts at arrival; what was waited since is taken off. */
  private CallContext context(Headers headers, long arrivedNanos) {
    CallContext context = options.receiver().receive(headers);
    Duration waited = Duration.ofNanos(Math.max(0, time.nanos() - arrivedNanos));
    return context.child(context.deadline().remaining().minus(waited));
  }

  private <Q, A> Reply answer(
      HttpRoutes.Bound<Q, A> bound, Headers headers, Bytes body, CallContext context)
      throws RefusedRequest {
    HttpRoute<Q, A> route = bound.route();
    Q question = question(route, body);
    if (context.deadline().hasExpired()) {
      observer.count("http.expired", 1);
      throw Door.refused(Wire.TOO_LATE, "too late", "deadline: over before the request was begun");
    }
    Operation operation =
        new Operation(
            Operation.Kind.SERVER,
            route.name(),
            Optional.of(headers),
            Operation.Link.PARENT,
            Map.of());
    try {
      return context.call(
          () ->
              observer.around(
                  operation,
                  Headers.empty(),
                  out -> {
                    A answer = bound.handler().answer(question, context);
                    return new Reply(
                        Wire.OK,
                        out,
                        route.answer().mediaType(),
                        route.answer().encode(answer),
                        false);
                  }));
    } catch (BackendException e) {
      return backendFailed(e.advice());
    } catch (InterruptedException e) {
      return Reply.failure(Wire.OVERLOADED, "closing", "service: is being closed").closing();
    } catch (Exception | Error e) {
      observer.count("http.handler.failed", 1);
      return Reply.failure(Wire.FAILED, "failed", "handler: failed by mistake")
          .with(Wire.ADVICE, Wire.PERMANENT);
    }
  }

  private static <Q> Q question(HttpRoute<Q, ?> route, Bytes body) throws RefusedRequest {
    try {
      return route.question().decode(body);
    } catch (MalformedDataException e) {
      throw Door.refused(
          Wire.MALFORMED, "malformed", "body: " + e.reason() + " (expected: the route's question)");
    }
  }

  /** Advice goes up. The effect does not: the handler may have done something before. */
  private Reply backendFailed(Advice advice) {
    observer.count("http.backend.failed", 1);
    if (advice instanceof Advice.Overloaded overloaded) {
      Reply reply = Reply.failure(Wire.OVERLOADED, "overloaded", "backend: overloaded");
      return overloaded.retryAfter().isZero()
          ? reply
          : reply.with(Wire.RETRY_AFTER, Wire.seconds(overloaded.retryAfter()));
    }
    return Reply.failure(Wire.BACKEND_FAILED, "backend failed", "backend: failed")
        .with(Wire.ADVICE, advice instanceof Advice.Transient ? Wire.TRANSIENT : Wire.PERMANENT);
  }

  private static void send(HttpExchange exchange, Reply reply, Watch watch) throws IOException {
    com.sun.net.httpserver.Headers headers = exchange.getResponseHeaders();
    reply.headers().forEach(headers::set);
    headers.set("Content-Type", reply.mediaType());
    if (reply.closes()) {
      headers.set("Connection", "close");
    }
    int size = reply.body().size();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status(), head || size == 0 ? NO_BODY : size);
    if (!head && size > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        reply.body().writeTo(out);
        out.flush();
        // Closing reads on for a while, so that a peer that is still sending sees the answer.
        watch.begin(LINGER);
      }
    }
  }

  /** Closes, waiting for running requests as long as the options say. */
  @Override
  public void close() {
    try {
      close(Deadline.after(options.drainMax(), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Refuses what comes from now on, waits for what has come before, and then closes every
   * connection. Handlers that are still running are interrupted.
   *
   * @return whether every request that had come was answered
   * @throws InterruptedException if interrupted while waiting; everything is closed all the same
   */
  public boolean close(Deadline deadline) throws InterruptedException {
    try {
      return workers.drain(deadline);
    } finally {
      server.stop(0);
      workers.close();
    }
  }
}
