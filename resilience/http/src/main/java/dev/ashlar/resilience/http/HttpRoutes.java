package dev.ashlar.resilience.http;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a service answers.
 *
 * <p><b>Threads.</b> Immutable; {@link #with} returns a changed copy.
 */
public final class HttpRoutes {

  private static final HttpRoutes NONE = new HttpRoutes(Map.of());

  private final Map<String, Map<String, Bound<?, ?>>> byPath;

  private HttpRoutes(Map<String, Map<String, Bound<?, ?>>> byPath) {
    this.byPath = byPath;
  }

  /** Returns no routes. */
  public static HttpRoutes none() {
    return NONE;
  }

  /**
   * Returns these routes and one more.
   *
   * @throws IllegalArgumentException if the route's method and path have a handler already
   */
  public <Q, A> HttpRoutes with(HttpRoute<Q, A> route, HttpHandler<Q, A> handler) {
    Map<String, Bound<?, ?>> methods =
        new LinkedHashMap<>(byPath.getOrDefault(route.path(), Map.of()));
    if (methods.put(route.method(), new Bound<>(route, handler)) != null) {
      throw new IllegalArgumentException("route: " + route.name() + " (expected: a new one)");
    }
    Map<String, Map<String, Bound<?, ?>>> changed = new LinkedHashMap<>(byPath);
    changed.put(route.path(), Map.copyOf(methods));
    return new HttpRoutes(Map.copyOf(changed));
  }

  boolean hasPath(String path) {
    return byPath.containsKey(path);
  }

  Optional<Bound<?, ?>> find(String path, String method) {
    return Optional.ofNullable(byPath.getOrDefault(path, Map.of()).get(method));
  }

  /** The methods of a path, as the header {@code Allow} lists them. */
  String allowed(String path) {
    return String.join(", ", new TreeSet<>(byPath.getOrDefault(path, Map.of()).keySet()));
  }

  /** A route and who answers it. */
  record Bound<Q, A>(HttpRoute<Q, A> route, HttpHandler<Q, A> handler) {
    Bound {
      requireNonNull(handler, "handler");
    }
  }
}
