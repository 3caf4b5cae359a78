package dev.ashlar.resilience.http;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/*
 * What a failure looks like on the wire, and what a client may conclude. A status alone proves little: a
 * 503 of a proxy may follow a request that was carried out. So the service says itself what it knows,
 *
 *   ashlar-effect: none                    this request was not given to a handler, and will not be
 *   ashlar-advice: permanent | transient   what the handler's own failure said
 *
 * and a client that finds neither takes the effect for unknown and the advice from the status:
 *
 *   429, 503                        overloaded, until Retry-After
 *   408, 500 with no advice, 502, 504   transient
 *   any other                       permanent
 *
 * Retry-After is a number of seconds (RFC 9110, 10.2.3). Its other form, a date, would compare two wall
 * clocks; like a negative number, or text, it means that there is no time after which to come again.
 */

/** The headers and statuses of failures, for both sides. */
final class Wire {

  static final String EFFECT = "ashlar-effect";
  static final String ADVICE = "ashlar-advice";
  static final String RETRY_AFTER = "Retry-After";

  static final String NONE = "none";
  static final String PERMANENT = "permanent";
  static final String TRANSIENT = "transient";

  static final int OK = 200;
  static final int MALFORMED = 400;
  static final int NOT_FOUND = 404;
  static final int WRONG_METHOD = 405;
  static final int TOO_LARGE = 413;
  static final int PATH_TOO_LONG = 414;
  static final int WRONG_MEDIA_TYPE = 415;
  static final int HEADERS_TOO_LARGE = 431;
  static final int FAILED = 500;
  static final int BACKEND_FAILED = 502;
  static final int OVERLOADED = 503;
  static final int TOO_LATE = 504;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SECONDS_DIGITS = 9;

  private Wire() {}

  /** The values of a header, however many there are. */
  interface Lookup {
    List<String> all(String name);
  }

  static Effect effect(Lookup headers) {
    return headers.all(EFFECT).equals(List.of(NONE)) ? Effect.NONE : Effect.UNKNOWN;
  }

  static Advice advice(int status, Lookup headers) {
    if (status == TOO_MANY || status == OVERLOADED) {
      return retryAfter(headers);
    }
    List<String> said = headers.all(ADVICE);
    if (!said.isEmpty()) {
      return said.equals(List.of(TRANSIENT)) ? new Advice.Transient() : new Advice.Permanent();
    }
    return switch (status) {
      case REQUEST_TIMEOUT, FAILED, BACKEND_FAILED, TOO_LATE -> new Advice.Transient();
      default -> new Advice.Permanent();
    };
  }

  private static Advice retryAfter(Lookup headers) {
    List<String> values = headers.all(RETRY_AFTER);
    if (values.isEmpty()) {
      return new Advice.Overloaded(Duration.ZERO);
    }
    String seconds = values.get(0);
    boolean number =
        values.size() == 1
            && !seconds.isEmpty()
            && seconds.length() <= SECONDS_DIGITS
            && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
    return number
        ? new Advice.Overloaded(Duration.ofSeconds(Long.parseLong(seconds)))
        : new Advice.Permanent();
  }

  /** Whole seconds, rounded up: coming early is what the header is to prevent. */
  static String seconds(Duration duration) {
    Duration capped = duration.compareTo(Duration.ofDays(1)) < 0 ? duration : Duration.ofDays(1);
    return Long.toString(capped.plusNanos(999_999_999).toSeconds());
  }

  /** Whether a content type is the wanted one; parameters other than a charset are no matter. */
  static boolean isMediaType(Optional<String> given, String wanted) {
    return given.isPresent()
        && essence(given.get()).equalsIgnoreCase(essence(wanted))
        && (charset(given.get()).isEmpty() || charset(given.get()).equals("utf-8"));
  }

  private static String essence(String mediaType) {
    int end = mediaType.indexOf(';');
    return (end < 0 ? mediaType : mediaType.substring(0, end)).strip();
  }

  private static String charset(String mediaType) {
    String lower = mediaType.toLowerCase(Locale.ROOT);
    int start = lower.indexOf("charset=");
    if (start < 0) {
      return "";
    }
    String rest = lower.substring(start + "charset=".length());
    int end = rest.indexOf(';');
    return (end < 0 ? rest : rest.substring(0, end)).strip().replace("\"", "");
  }
}
