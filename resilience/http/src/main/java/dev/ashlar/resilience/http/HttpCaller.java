package dev.ashlar.resilience.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks another service over HTTP, once, and tells the truth about what came of it.
 *
 * <p>It carries the context of the call in the headers of core and keeps its deadline. It does not
 * retry: a pipeline around it does, and it is told what it needs for that.
 *
 * <p><b>Guarantees.</b> A failure has {@link Effect#NONE} only if no byte of the request was sent
 * or the service itself said that no handler got it. The context arrives as it was (CALL-18), in
 * the same bytes as in a message (CALL-20). An answer is not kept beyond {@code answerMax} bytes. A
 * retry-after that is no number of seconds means never (CALL-4).
 *
 * <p><b>Not guaranteed.</b> One sending for each call, if the JDK's client was told to repeat by
 * itself ({@code jdk.httpclient.enableAllMethodRetry}).
 *
 * <p><b>Failures.</b> {@link BackendException}: no connection, or a time that is over before the
 * sending, is {@code NONE} and transient; a time that ends later, or a connection that breaks, is
 * {@code UNKNOWN} and transient; an answer that cannot be read is {@code UNKNOWN} and permanent; a
 * status is what it says, see the block's README.
 *
 * <p><b>Threads.</b> Safe. The caller's thread waits and can be interrupted; the connection is then
 * closed.
 *
 * <p><b>Limits.</b> Answers of 1 MiB, unless changed.
 *
 * <pre>{@code
 * HttpCaller stock = HttpCaller.of(HttpClient.newHttpClient(), address, Observer.none());
 * String reserved = pipeline.call(context, attempt -> stock.call(reserve, "p-17", attempt));
 * }</pre>
 */
public final class HttpCaller {

  private static final int ANSWER_MAX = 1 << 20;

  /** As OpenTelemetry names it; whoever decides what may go to a host knows it by this. */
  private static final String HOST = "server.address";

  private final HttpClient client;
  private final URI service;
  private final int answerMax;
  private final Observer observer;

  private HttpCaller(HttpClient client, URI service, int answerMax, Observer observer) {
    this.client = requireNonNull(client, "client");
    this.service = service;
    this.answerMax = answerMax;
    this.observer = requireNonNull(observer, "observer");
    if (answerMax < 0) {
      throw new IllegalArgumentException("answerMax: " + answerMax + " (expected: >= 0)");
    }
    if (service.getHost() == null || !service.getRawSchemeSpecificPart().matches("//[^/?#]+/?")) {
      throw new IllegalArgumentException("service: no bare address (expected: http://host:port)");
    }
  }

  /**
   * Returns a caller of one service.
   *
   * @param client with a connect time-out of its own, or connecting takes what the call's deadline
   *     leaves
   * @param service such as {@code http://10.0.0.7:8080}
   * @param observer makes a client's span of each call
   */
  public static HttpCaller of(HttpClient client, URI service, Observer observer) {
    return new HttpCaller(client, service, ANSWER_MAX, observer);
  }

  /** Returns this caller with another limit on answers, in bytes. */
  public HttpCaller withAnswerMax(int bytes) {
    return new HttpCaller(client, service, bytes, observer);
  }

  /**
   * Asks.
   *
   * @param context travels with the question; its deadline ends the wait
   * @throws BackendException for anything but an answer
   * @throws InterruptedException if interrupted; the effect is then unknown
   */
  public <Q, A> A call(HttpRoute<Q, A> route, Q question, CallContext context)
      throws InterruptedException {
    Bytes body = route.question().encode(question);
    if (context.deadline().hasExpired()) {
      throw failure(
          route, "not sent, its time was over", Effect.NONE, new Advice.Transient(), null);
    }
    Operation operation =
        new Operation(
            Operation.Kind.CLIENT,
            route.name(),
            Optional.empty(),
            Operation.Link.NONE,
            Map.of(HOST, service.getHost()));
    return context.call(
        () ->
            observer.around(
                operation,
                context.into(Headers.empty()),
                out -> exchange(route, request(route, body, out), context.deadline())));
  }

  private HttpRequest request(HttpRoute<?, ?> route, Bytes body, Headers headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(route.path()))
            .method(route.method(), HttpRequest.BodyPublishers.ofByteArray(body.toArray()))
            .header("Content-Type", route.question().mediaType())
            .header("Accept", route.answer().mediaType());
    headers.forEach(request::header);
    return request.build();
  }

  private <A> A exchange(HttpRoute<?, A> route, HttpRequest request, Deadline deadline)
      throws InterruptedException {
    // Waited for here, so that an answer takes no other thread than the client's own.
    Watch watch = new Watch(deadline.time(), Thread.currentThread());
    watch.begin(deadline.remaining());
    try {
      return read(route, client.send(request, unused -> new LimitedBody(answerMax)));
    } catch (InterruptedException e) {
      if (watch.end()) {
        throw failure(route, "no answer in time", Effect.UNKNOWN, new Advice.Transient(), e);
      }
      throw e;
    } catch (IOException e) {
      throw failed(route, e);
    } finally {
      boolean unused = watch.end();
    }
  }

  private <A> A read(HttpRoute<?, A> route, HttpResponse<Bytes> response) {
    Wire.Lookup headers = response.headers()::allValues;
    if (response.statusCode() != Wire.OK) {
      throw failure(
          route,
          "answered " + response.statusCode(),
          Wire.effect(headers),
          Wire.advice(response.statusCode(), headers),
          null);
    }
    if (!Wire.isMediaType(
        response.headers().firstValue("Content-Type"), route.answer().mediaType())) {
      throw unreadable(route, "another media type", null);
    }
    try {
      return route.answer().decode(response.body());
    } catch (MalformedDataException e) {
      throw unreadable(route, e.reason().toString(), e);
    }
  }

  private static BackendException failed(HttpRoute<?, ?> route, IOException cause) {
    if (cause.getCause() instanceof MalformedDataException tooLong) {
      return unreadable(route, tooLong.reason().toString(), tooLong);
    }
    // Both are thrown while connecting, before the request is written.
    boolean unsent =
        cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    return failure(
        route,
        unsent ? "no connection" : "connection broke",
        unsent ? Effect.NONE : Effect.UNKNOWN,
        new Advice.Transient(),
        cause);
  }

  private static BackendException unreadable(
      HttpRoute<?, ?> route, String why, @Nullable Throwable cause) {
    return failure(
        route, "unreadable answer, " + why, Effect.UNKNOWN, new Advice.Permanent(), cause);
  }

  private static BackendException failure(
      HttpRoute<?, ?> route, String what, Effect effect, Advice advice, @Nullable Throwable cause) {
    return new BackendException(route.name() + ": " + what, effect, advice, cause);
  }
}
