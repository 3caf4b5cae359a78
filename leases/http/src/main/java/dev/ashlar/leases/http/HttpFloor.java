package dev.ashlar.leases.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.OtherLeaseException;
import dev.ashlar.leases.guard.Standing;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The floor of a service, as its callers see it: with a {@link Guard} over it, only the latest
 * holder's requests are let through.
 *
 * <p>There is no transaction on this side. A {@link FencedCall} stands in its place: {@link #check}
 * sends it, and the service checks the fence in a transaction of its own, which has ended when the
 * answer comes.
 *
 * <p><b>Guarantees.</b> As {@link Floor}, by the service's {@link FencedEndpoint}. Only a service
 * that says that it has looked at the fence is believed. A failure has {@link Effect#NONE} only if
 * no connection was made, its time was over before the sending, or the service says so itself.
 *
 * <p><b>Not guaranteed.</b> That a request whose answer is missing was not carried out. It was sent
 * under the claim, so it is before the successor's claim or rejected, but which one is not known.
 *
 * <p><b>Failures.</b> {@link Standing.Unknown} for everything but an answer about the fence; {@link
 * OtherLeaseException} if the service says that the resource is claimed under another lease.
 *
 * <p><b>Threads.</b> Safe. The caller's thread waits, and can be interrupted; a check says so with
 * an unknown effect, and keeps the interrupt.
 *
 * <p><b>Limits.</b> One request for each claim and each write. It does not retry; claiming again is
 * harmless.
 *
 * <pre>{@code
 * Guard<FencedCall<?>> guard =
 *     Guard.over(HttpFloor.of(HttpClient.newHttpClient(), claims), Observer.none());
 * Claim<FencedCall<?>> claim = guard.claim("accounts", lease, deadline).orThrow();
 * }</pre>
 *
 * @see Claim#write
 */
public final class HttpFloor implements Floor<FencedCall<?>> {

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int FAILED = 500;
  private static final int BAD_GATEWAY = 502;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;

  /** What the service needs to answer after it has given up waiting. */
  private static final Duration ON_THE_WAY = Duration.ofMillis(500);

  private final HttpClient client;
  private final URI claims;

  private HttpFloor(HttpClient client, URI claims) {
    this.client = client;
    this.claims = claims;
  }

  /**
   * Returns the floor of a service.
   *
   * @param client that follows no redirects, so that a fence goes where it was meant for
   * @param claims where the service answers claims
   */
  public static HttpFloor of(HttpClient client, URI claims) {
    requireNonNull(claims, "claims");
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "client: follows redirects (expected: HttpClient.Redirect.NEVER)");
    }
    return new HttpFloor(client, claims);
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    FenceHeader header = new FenceHeader(resource, fence);
    Duration wait = deadline.remaining().minus(ON_THE_WAY);
    HttpRequest request =
        HttpRequest.newBuilder(claims)
            .header(FenceHeader.NAME, header.text())
            .header(FencedEndpoint.WAIT, Long.toString(millis(wait, deadline)))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<Void> response =
          send(request, HttpResponse.BodyHandlers.discarding(), deadline, resource + ": claim");
      return standing(header, response, FenceAnswer.Kind.CLAIMED);
    } catch (BackendException e) {
      return new Standing.Unknown(e);
    }
  }

  /** Half of it if it is short; the service has a limit of its own for more than a day. */
  private static long millis(Duration wait, Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    Duration longer = wait.compareTo(half) > 0 ? wait : half;
    return Math.min(longer.toMillis(), Duration.ofDays(1).toMillis());
  }

  @Override
  public Standing check(FencedCall<?> call, String resource, Fence fence) {
    try {
      return sent(call, new FenceHeader(resource, fence));
    } catch (BackendException e) {
      return new Standing.Unknown(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Standing.Unknown(
          failure(resource + ": interrupted", Effect.UNKNOWN, new Advice.Transient(), e));
    }
  }

  private <B> Standing sent(FencedCall<B> call, FenceHeader header) throws InterruptedException {
    HttpResponse<Optional<B>> response =
        send(
            call.request(header), call.handler(), call.deadline(), header.resource() + ": request");
    Standing standing = standing(header, response, FenceAnswer.Kind.ACCEPTED);
    if (standing instanceof Standing.Level) {
      call.answered(response);
    }
    return standing;
  }

  private <A> HttpResponse<A> send(
      HttpRequest request, HttpResponse.BodyHandler<A> handler, Deadline deadline, String what)
      throws InterruptedException {
    if (deadline.hasExpired()) {
      throw failure(
          what + ", not sent, its time was over", Effect.NONE, new Advice.Transient(), null);
    }
    Alarm alarm = Alarm.at(deadline);
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      if (alarm.endInterrupted()) {
        throw failure(what + ", no answer in time", Effect.UNKNOWN, new Advice.Transient(), e);
      }
      throw e;
    } catch (IOException e) {
      // Both are thrown while connecting, before the request is written.
      boolean unsent = e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
      throw failure(
          what + (unsent ? ", no connection" : ", connection broke"),
          unsent ? Effect.NONE : Effect.UNKNOWN,
          new Advice.Transient(),
          e);
    } finally {
      alarm.end();
    }
  }

  static Optional<FenceAnswer.Kind> kind(HttpHeaders headers) {
    List<String> said = headers.allValues(FenceAnswer.ANSWER);
    return said.size() == 1 ? FenceAnswer.Kind.of(said.get(0)) : Optional.empty();
  }

  private static Standing standing(
      FenceHeader header, HttpResponse<?> response, FenceAnswer.Kind good) {
    String resource = header.resource();
    Optional<FenceAnswer.Kind> said = kind(response.headers());
    if (said.isEmpty() || isOutOfPlace(said.get(), good)) {
      throw failure(
          resource + ": answered " + response.statusCode() + ", not a word about the fence",
          Effect.UNKNOWN,
          advice(response.statusCode()),
          null);
    }
    return switch (said.get()) {
      case ACCEPTED, CLAIMED -> new Standing.Level();
      case REJECTED, UNCLAIMED -> new Standing.Differs(rejection(header, response).floor());
      case OTHER_LEASE ->
          throw new OtherLeaseException(resource, header.fence().lease(), Optional.empty());
      case MISSING, MALFORMED ->
          throw failure(
              resource + ": the fence did not arrive as it was sent",
              Effect.NONE,
              new Advice.Permanent(),
              null);
      case UNKNOWN -> throw silent(resource, response.headers());
    };
  }

  private static BackendException silent(String resource, HttpHeaders headers) {
    boolean none = headers.allValues(FenceAnswer.EFFECT).equals(List.of(FenceAnswer.NONE));
    return failure(
        resource + ": the service could not ask its floor",
        none ? Effect.NONE : Effect.UNKNOWN,
        new Advice.Transient(),
        null);
  }

  private static boolean isOutOfPlace(FenceAnswer.Kind said, FenceAnswer.Kind good) {
    return said != good && (said == FenceAnswer.Kind.ACCEPTED || said == FenceAnswer.Kind.CLAIMED);
  }

  /** A rejection of somebody else's request says nothing about this one. */
  private static FenceRejection rejection(FenceHeader header, HttpResponse<?> response) {
    List<String> texts = response.headers().allValues(FenceAnswer.REJECTION);
    try {
      FenceRejection rejection = FenceRejection.parse(texts.size() == 1 ? texts.get(0) : "");
      if (rejection.resource().equals(header.resource())
          && rejection.presented().equals(header.fence())) {
        return rejection;
      }
    } catch (MalformedDataException | IllegalArgumentException e) {
      // Said below, without the text.
    }
    throw failure(
        header.resource() + ": unreadable rejection", Effect.UNKNOWN, new Advice.Permanent(), null);
  }

  private static Advice advice(int status) {
    return switch (status) {
      case TOO_MANY, UNAVAILABLE -> new Advice.Overloaded(Duration.ZERO);
      case REQUEST_TIMEOUT, FAILED, BAD_GATEWAY, GATEWAY_TIMEOUT -> new Advice.Transient();
      default -> new Advice.Permanent();
    };
  }

  private static BackendException failure(
      String what, Effect effect, Advice advice, @Nullable Throwable cause) {
    return new BackendException(what, effect, advice, cause);
  }
}
