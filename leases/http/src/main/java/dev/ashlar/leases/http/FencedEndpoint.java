package dev.ashlar.leases.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.OtherLeaseException;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The service's side of a fence over HTTP: it raises the floor when a holder claims, and checks
 * each request's fence in the transaction that does what the request asks.
 *
 * <p>The floor is where the service keeps its data, such as {@code JdbcFloor}. A floor in the
 * service's memory begins again at nothing with each restart, and then guards nothing.
 *
 * <p><b>Guarantees.</b> Those of the {@link Floor}, for requests (LEASE-43, LEASE-44, LEASE-46): an
 * admitted request's transaction holds up the successor's claim until it has ended. A rejection
 * goes out once for each grant and resource (LEASE-32), also if the stale holder never gets its
 * answer.
 *
 * <p><b>Not guaranteed.</b> Anything about requests whose handler does not ask for admission, or
 * answers without its headers. That the sender is who it says: see to that before.
 *
 * <p><b>Failures.</b> A {@link FenceAnswer} for whatever the request or the floor does; {@link
 * IllegalStateException} for a transaction that commits each statement.
 *
 * <p><b>Threads.</b> Safe if the floor is.
 *
 * <pre>{@code
 * Admission admission = endpoint.admit(fences(exchange), tx, "accounts");
 * if (admission instanceof Admission.Admitted admitted) {
 *   numbers.write(tx, "balance", Long.parseLong(body));
 *   tx.commit();
 *   answer(exchange, 200, admitted.answer().headers());
 * } else if (admission instanceof Admission.Refused refused) {
 *   tx.rollback();
 *   refused.answer().send(exchange);
 * }
 * }</pre>
 *
 * @param <T> the transaction of the service's data
 * @see HttpFloor
 */
public final class FencedEndpoint<T> {

  static final String WAIT = "ashlar-fence-wait";

  private static final int WAIT_DIGITS = 9;
  private static final int WRONG_METHOD = 405;
  private static final int NO_BODY = -1;
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  private final Floor<T> floor;
  private final RejectionPublisher rejections;
  private final Observer observer;

  private FencedEndpoint(Floor<T> floor, RejectionPublisher rejections, Observer observer) {
    this.floor = floor;
    this.rejections = RejectionPublisher.onceEach(rejections, observer);
    this.observer = observer;
  }

  /**
   * Returns the service's side.
   *
   * @param floor beside the service's data
   * @param rejections is given each rejection
   * @param observer counts
   */
  public static <T> FencedEndpoint<T> of(
      Floor<T> floor, RejectionPublisher rejections, Observer observer) {
    return new FencedEndpoint<>(
        requireNonNull(floor, "floor"),
        requireNonNull(rejections, "rejections"),
        requireNonNull(observer, "observer"));
  }

  /**
   * Checks a request's fence.
   *
   * @param values of the request's {@link FenceHeader}; empty if it has none
   * @param tx the transaction of what the request asks; nothing was read in it yet
   * @param resource what the request is going to write, as the service knows it
   */
  public Admission admit(List<String> values, T tx, String resource) {
    Read read = read(values);
    if (read.refusal().isPresent()) {
      return new Admission.Refused(read.refusal().get());
    }
    FenceHeader header = read.header().orElseThrow();
    if (!header.resource().equals(resource)) {
      return new Admission.Refused(refused(FenceAnswer.Kind.MALFORMED));
    }
    Fence fence = header.fence();
    try {
      Standing standing = floor.check(tx, resource, fence);
      return standing instanceof Standing.Level
          ? new Admission.Admitted(fence, FenceAnswer.of(FenceAnswer.Kind.ACCEPTED))
          : new Admission.Refused(answer(resource, fence, standing));
    } catch (OtherLeaseException e) {
      return new Admission.Refused(refused(FenceAnswer.Kind.OTHER_LEASE));
    }
  }

  /**
   * Raises the floor for a request.
   *
   * @param values of the request's {@link FenceHeader}; empty if it has none
   * @param deadline of the waiting for requests that were admitted before
   * @throws InterruptedException if interrupted; whether the floor was raised is not known
   */
  public FenceAnswer claim(List<String> values, Deadline deadline) throws InterruptedException {
    Read read = read(values);
    if (read.refusal().isPresent()) {
      return read.refusal().get();
    }
    FenceHeader header = read.header().orElseThrow();
    try {
      Standing standing = floor.raise(header.resource(), header.fence(), deadline);
      return standing instanceof Standing.Level
          ? FenceAnswer.of(FenceAnswer.Kind.CLAIMED)
          : answer(header.resource(), header.fence(), standing);
    } catch (OtherLeaseException e) {
      return refused(FenceAnswer.Kind.OTHER_LEASE);
    }
  }

  /**
   * Returns a handler of the JDK's server that answers claims: a POST, with the fence in its
   * header. A claim that waits has a thread of the server's meanwhile; a server without an executor
   * of its own has only one, so everybody else would wait with it.
   *
   * @param time by which claims wait
   * @param waitMax for how long, whatever the client says; 1 ms to a minute, because a claim that
   *     waits has a thread
   */
  public HttpHandler claims(TimeSource time, Duration waitMax) {
    if (waitMax.compareTo(Duration.ofMillis(1)) < 0 || waitMax.compareTo(WAIT_MAX) > 0) {
      throw new IllegalArgumentException("waitMax: " + waitMax + " (expected: PT0.001S to PT1M)");
    }
    return exchange -> {
      try (exchange) {
        if (!exchange.getRequestMethod().equals("POST")) {
          exchange.getResponseHeaders().set("allow", "POST");
          exchange.sendResponseHeaders(WRONG_METHOD, NO_BODY);
          return;
        }
        Optional<Duration> wait = wait(values(exchange, WAIT));
        FenceAnswer answer =
            wait.isEmpty()
                ? refused(FenceAnswer.Kind.MALFORMED)
                : claim(
                    values(exchange, FenceHeader.NAME),
                    Deadline.after(waitMax, time).shortenedTo(wait.get()));
        answer.send(exchange);
      } catch (InterruptedException e) {
        // The service is being closed; the connection breaks, which says that nothing is known.
        Thread.currentThread().interrupt();
      }
    };
  }

  /** The JDK's server has no empty list for a header that is not there. */
  private static List<String> values(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getOrDefault(name, List.of());
  }

  private static Optional<Duration> wait(List<String> values) {
    if (values.isEmpty()) {
      return Optional.of(WAIT_MAX);
    }
    String millis = values.get(0);
    boolean number =
        values.size() == 1
            && !millis.isEmpty()
            && millis.length() <= WAIT_DIGITS
            && millis.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Optional.of(Duration.ofMillis(Long.parseLong(millis))) : Optional.empty();
  }

  private record Read(Optional<FenceHeader> header, Optional<FenceAnswer> refusal) {}

  private Read read(List<String> values) {
    if (values.isEmpty()) {
      return new Read(Optional.empty(), Optional.of(refused(FenceAnswer.Kind.MISSING)));
    }
    try {
      if (values.size() == 1) {
        return new Read(Optional.of(FenceHeader.parse(values.get(0))), Optional.empty());
      }
    } catch (MalformedDataException e) {
      observer.count("guard.http.malformed", 1);
    }
    return new Read(Optional.empty(), Optional.of(refused(FenceAnswer.Kind.MALFORMED)));
  }

  private FenceAnswer refused(FenceAnswer.Kind kind) {
    observer.count("guard.http.refused", 1);
    return FenceAnswer.of(kind);
  }

  private FenceAnswer answer(String resource, Fence fence, Standing standing) {
    if (standing instanceof Standing.Differs differs) {
      observer.count("guard.rejected", 1);
      FenceRejection rejection = new FenceRejection(resource, fence, differs.floor());
      rejections.publish(rejection);
      return FenceAnswer.of(rejection);
    }
    BackendException failure = ((Standing.Unknown) standing).failure();
    observer.count("guard.http.unknown", 1);
    return FenceAnswer.unknown(failure.effect() == Effect.NONE ? Effect.NONE : Effect.UNKNOWN);
  }
}
