package dev.ashlar.core;

/**
 * What a block tells about its work, without knowing who listens.
 *
 * <p>Tracing implements it to make spans, metrics to count, and tests to stop a protocol at one of
 * its named steps. Every method has a default that does nothing.
 *
 * <p><b>Guarantees.</b> With {@link #none()} observing costs nothing and allocates nothing.
 *
 * <p><b>Failures.</b> An observer that throws from {@link #step} stops the work there, as a crash
 * would; this is what crash tests do and what nothing else should. {@link #around} passes on what
 * the body throws.
 *
 * <p><b>Threads.</b> Safe; called from every thread of every block it is given to.
 */
public interface Observer {

  /**
   * Runs a piece of work as one operation: notes its start, lets it put its own context into the
   * outgoing headers, and notes how it ended: by an exception, or as its result says if that is an
   * {@link Operation.Ending}.
   *
   * @param operation what kind of work, on what
   * @param out the headers that will travel with the work, if any
   * @param body runs exactly once, in the caller's thread, with the headers to send
   */
  default <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
      throws X {
    return body.run(out);
  }

  /**
   * Notes that something happened: a rejection, an expiry, a renewal.
   *
   * @param event a constant such as {@code "queue.expired"}, never made from data
   * @param n how often, at least 1
   */
  default void count(String event, long n) {}

  /**
   * Notes that a protocol has come to a named step.
   *
   * @param name a constant such as {@code "outbox.published"}
   */
  default void step(String name) {}

  /** Returns the observer that does nothing. */
  static Observer none() {
    return NoObserver.INSTANCE;
  }

  /**
   * A piece of work that is observed.
   *
   * @param <T> what it returns
   * @param <X> what it throws
   */
  @FunctionalInterface
  interface Body<T, X extends Exception> {

    /**
     * Does the work.
     *
     * @param out the headers to send along
     */
    T run(Headers out) throws X;
  }
}

enum NoObserver implements Observer {
  INSTANCE
}
