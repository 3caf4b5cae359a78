package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * What an {@link Observer} is told about a piece of work.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param kind on which side of an exchange the work stands
 * @param target what it works on, of low cardinality: a queue's name, a route, never an id
 * @param in the headers that came with the request or message, if one did
 * @param link how the work relates to whatever {@code in} came from
 * @param attributes more about it, few and bounded
 */
public record Operation(
    Kind kind, String target, Optional<Headers> in, Link link, Map<String, String> attributes) {

  /** Checks and copies. */
  public Operation {
    requireNonNull(kind, "kind");
    requireNonNull(target, "target");
    requireNonNull(in, "in");
    requireNonNull(link, "link");
    attributes = Map.copyOf(attributes);
  }

  /** Returns an operation that nothing came in for. */
  public static Operation of(Kind kind, String target) {
    return new Operation(kind, target, Optional.empty(), Link.NONE, Map.of());
  }

  /**
   * What work returns where its return value says how it ended.
   *
   * <p>Expected failures are values, not exceptions: a handler that asks for another attempt, a
   * send that is refused. An observer that looked at exceptions alone would take them for success.
   * Work that returns anything else has ended well.
   */
  public interface Ending {

    /**
     * Returns how the work failed, empty if it did not.
     *
     * @return a constant such as {@code "retry"}, never made from data
     */
    Optional<String> failure();
  }

  /** On which side of an exchange a piece of work stands. */
  public enum Kind {
    /** Asks another service and waits for the answer. */
    CLIENT,
    /** Answers a request. */
    SERVER,
    /** Hands a message over. */
    PRODUCER,
    /** Handles a message. */
    CONSUMER,
    /** Stays inside. */
    INTERNAL
  }

  /** How work relates to what caused it. */
  public enum Link {
    /** To nothing. */
    NONE,
    /** It belongs to the same tree, below its cause. */
    PARENT,
    /** It starts a tree of its own, with a reference to its cause. */
    REFERENCE
  }
}
