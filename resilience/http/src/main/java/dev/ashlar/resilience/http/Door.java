package dev.ashlar.resilience.http;

import com.sun.net.httpserver.HttpExchange;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/*
 * What is checked, the cheapest first, before anything of a request reaches a handler. What the JDK's
 * server checks before that it refuses itself, with 400 and a line of HTML, or by closing: a broken
 * request line, an illegal header name, two lengths, a length beside an encoding.
 */

/** Lets a request in, or says why not. */
final class Door {

  private final HttpRoutes routes;
  private final HttpServiceOptions options;

  Door(HttpRoutes routes, HttpServiceOptions options) {
    this.routes = routes;
    this.options = options;
  }

  /** A request that may be handled. */
  record Entered(HttpRoutes.Bound<?, ?> bound, Headers headers) {}

  Entered enter(HttpExchange exchange) throws RefusedRequest {
    String path = exchange.getRequestURI().toString();
    if (path.length() > options.pathMax()) {
      throw refused(
          Wire.PATH_TOO_LONG,
          "path too long",
          "path: " + path.length() + " characters (expected: at most " + options.pathMax() + ")");
    }
    Headers headers = headers(exchange);
    HttpRoutes.Bound<?, ?> bound = bound(exchange);
    List<String> types = headers.all("Content-Type");
    String wanted = bound.route().question().mediaType();
    if (types.size() != 1 || !Wire.isMediaType(Optional.of(types.get(0)), wanted)) {
      throw refused(
          Wire.WRONG_MEDIA_TYPE, "wrong media type", "content type: (expected: " + wanted + ")");
    }
    return new Entered(bound, headers);
  }

  private Headers headers(HttpExchange exchange) throws RefusedRequest {
    Headers headers = Headers.empty();
    int count = 0;
    int size = 0;
    for (Map.Entry<String, List<String>> entry : exchange.getRequestHeaders().entrySet()) {
      for (String value : entry.getValue()) {
        count++;
        size += entry.getKey().length() + (value == null ? 0 : value.length());
        if (count > options.headersMax()
            || size > Headers.TOTAL_MAX
            || entry.getKey().length() > Headers.NAME_MAX
            || (value != null && value.length() > Headers.VALUE_MAX)) {
          throw new RefusedRequest(tooManyHeaders().closing());
        }
        headers = plus(headers, entry.getKey(), value == null ? "" : value);
      }
    }
    return headers;
  }

  private static Headers plus(Headers headers, String name, String value) throws RefusedRequest {
    try {
      return headers.plus(name, value);
    } catch (IllegalArgumentException e) {
      throw refused(Wire.MALFORMED, "malformed", "header: illegal name or value");
    }
  }

  private Reply tooManyHeaders() {
    return Reply.refusal(
        Wire.HEADERS_TOO_LARGE,
        "headers too large",
        "headers: (expected: at most "
            + options.headersMax()
            + ", names of "
            + Headers.NAME_MAX
            + ", values of "
            + Headers.VALUE_MAX
            + ", all of "
            + Headers.TOTAL_MAX
            + " characters)");
  }

  private HttpRoutes.Bound<?, ?> bound(HttpExchange exchange) throws RefusedRequest {
    String path = String.valueOf(exchange.getRequestURI().getRawPath());
    if (!routes.hasPath(path)) {
      throw refused(Wire.NOT_FOUND, "not found", "path: unknown (expected: a route's)");
    }
    Optional<HttpRoutes.Bound<?, ?>> bound = routes.find(path, exchange.getRequestMethod());
    if (bound.isEmpty()) {
      String allowed = routes.allowed(path);
      throw new RefusedRequest(
          Reply.refusal(Wire.WRONG_METHOD, "wrong method", "method: (expected: " + allowed + ")")
              .with("Allow", allowed));
    }
    return bound.get();
  }

  Bytes body(HttpExchange exchange) throws RefusedRequest, IOException {
    long announced = announced(exchange);
    if (announced > options.bodyMax()) {
      throw new RefusedRequest(tooLarge(announced + " bytes").closing());
    }
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(options.bodyMax());
    if (in.read() >= 0) {
      throw new RefusedRequest(tooLarge("longer than that").closing());
    }
    if (announced > body.length) {
      throw new RefusedRequest(
          Reply.refusal(Wire.MALFORMED, "malformed", "body: shorter than announced").closing());
    }
    return Bytes.owning(body);
  }

  /** The JDK's server has refused what is no number already. */
  private static long announced(HttpExchange exchange) {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    return length == null ? -1 : Long.parseLong(length.strip());
  }

  private Reply tooLarge(String size) {
    return Reply.refusal(
        Wire.TOO_LARGE,
        "too large",
        "body: " + size + " (expected: at most " + options.bodyMax() + " bytes)");
  }

  static RefusedRequest refused(int status, String error, String detail) {
    return new RefusedRequest(Reply.refusal(status, error, detail));
  }
}
