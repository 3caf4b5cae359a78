package dev.ashlar.leases.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.guard.FenceRejection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/*
 * A status says too little: a proxy answers 409 and 503 for reasons of its own, and a service that has never
 * heard of fences answers 200. So the side that looked at the fence says so in a header, and a client
 * believes only that.
 *
 *   ashlar-fence-answer   status   means
 *   accepted                       the fence is the floor; the status is the service's own
 *   claimed               204      the floor is raised
 *   rejected              409      the floor is another; ashlar-fence-rejection says which, and whose
 *   unclaimed             409      there is no floor; ashlar-fence-rejection says so
 *   other-lease           409      the resource is claimed under another lease
 *   missing               428      the request carries no fence
 *   malformed             400      the fence is not one, or that of another resource
 *   unknown               503      the floor could not be asked; ashlar-effect says whether it was changed
 */

/**
 * What a service says about a fence: a status, and headers, and no body.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param kind what it says
 * @param headers to be sent; the values have no content but names and numbers
 */
public record FenceAnswer(Kind kind, Map<String, String> headers) {

  static final String ANSWER = "ashlar-fence-answer";
  static final String REJECTION = "ashlar-fence-rejection";
  static final String EFFECT = "ashlar-effect";
  static final String NONE = "none";

  /** What was said of one fence is not to be said again to another one, by whatever is between. */
  private static final String CACHE = "cache-control";

  private static final int NO_BODY = -1;

  /** Checks the parts. */
  public FenceAnswer {
    requireNonNull(kind, "kind");
    headers = Map.copyOf(headers);
  }

  /** What a service can say. */
  public enum Kind {
    /** The fence is the floor, and the request may do what it asks. */
    ACCEPTED(200),
    /** The floor is raised. */
    CLAIMED(204),
    /** The floor is that of another holder. */
    REJECTED(409),
    /** Nobody has claimed the resource. */
    UNCLAIMED(409),
    /** The resource is claimed under another lease, whose numbers say nothing about this one's. */
    OTHER_LEASE(409),
    /** The request carries no fence. */
    MISSING(428),
    /** What it carries is no fence, or two, or one for another resource. */
    MALFORMED(400),
    /** The floor could not be asked. */
    UNKNOWN(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /** Returns the status that goes with it; for an accepted request the service has its own. */
    public int status() {
      return status;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Kind> of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  static FenceAnswer of(Kind kind) {
    return new FenceAnswer(kind, Map.of(ANSWER, kind.word(), CACHE, "no-store"));
  }

  static FenceAnswer of(FenceRejection rejection) {
    Kind kind = rejection.floor().isPresent() ? Kind.REJECTED : Kind.UNCLAIMED;
    return of(kind).with(REJECTION, rejection.text());
  }

  static FenceAnswer unknown(Effect effect) {
    FenceAnswer answer = of(Kind.UNKNOWN);
    return effect == Effect.NONE ? answer.with(EFFECT, NONE) : answer;
  }

  private FenceAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new FenceAnswer(kind, more);
  }

  /** Sends it with the JDK's server, and ends the exchange, also if it cannot be sent. */
  public void send(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(kind.status(), NO_BODY);
    }
  }
}
