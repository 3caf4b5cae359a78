package dev.ashlar.messaging.inbox;

/**
 * What an {@link Inbox} did with a message.
 *
 * <p><b>Threads.</b> Immutable if the result is.
 *
 * @param <R> the result of the work
 */
public sealed interface Once<R> {

  /**
   * The message was new: the work has run in the caller's transaction, and counts once that
   * commits.
   *
   * @param result what the work returned
   * @param <R> the result of the work
   */
  record Ran<R>(R result) implements Once<R> {}

  /**
   * The message was handled before; the work has not run.
   *
   * @param recorded what the work returned then
   * @param <R> the result of the work
   */
  record Duplicate<R>(R recorded) implements Once<R> {}

  /**
   * Another message with the same id was handled before; the work has not run. Somebody used an id
   * twice, or changed a body under way: dead-letter the message, or refuse the request.
   *
   * @param <R> the result of the work
   */
  record Conflict<R>() implements Once<R> {}
}
