package dev.ashlar.resilience.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Codec;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One kind of question that a service answers; the same value makes the client and the server.
 *
 * <p><b>Threads.</b> Immutable; safe as its codecs are.
 *
 * <p><b>Limits.</b> A path of fixed text, at most {@value #PATH_MAX} characters: what varies is in
 * the question, so that a route can name what is counted and traced.
 *
 * @param method {@code POST} or {@code PUT}; the methods without a body cannot carry a question
 * @param path such as {@code "/orders/place"}, with one or more parts of {@code A-Z a-z 0-9 . _ -}
 * @param question what is asked
 * @param answer what is answered
 * @param <Q> the question
 * @param <A> the answer
 */
public record HttpRoute<Q, A>(String method, String path, Codec<Q> question, Codec<A> answer) {

  /** The longest path, in characters. */
  public static final int PATH_MAX = 128;

  private static final Set<String> METHODS = Set.of("POST", "PUT");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

  /** Checks the parts. */
  public HttpRoute {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException("method: " + method + " (expected: POST or PUT)");
    }
    if (path.length() > PATH_MAX || !PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "path: " + path + " (expected: /part/part, at most " + PATH_MAX + " characters)");
    }
    requireNonNull(question, "question");
    requireNonNull(answer, "answer");
  }

  /** Returns a route that is posted to. */
  public static <Q, A> HttpRoute<Q, A> post(String path, Codec<Q> question, Codec<A> answer) {
    return new HttpRoute<>("POST", path, question, answer);
  }

  /** Returns a route whose question may be put again and again. */
  public static <Q, A> HttpRoute<Q, A> put(String path, Codec<Q> question, Codec<A> answer) {
    return new HttpRoute<>("PUT", path, question, answer);
  }

  /** Returns the method and the path, for counting and tracing. */
  public String name() {
    return method + " " + path;
  }
}
