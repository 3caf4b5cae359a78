package dev.ashlar.messaging.inbox;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;

/**
 * Runs the work for a message once, however often the message comes.
 *
 * <p>The id of the message and the effects of the work are written in one transaction, the
 * caller's. There is no "is it a duplicate?" to ask, on purpose: whoever marks before the work
 * loses the message when the work fails, and whoever marks after it doubles the effect when the
 * process dies in between. An idempotency key over HTTP is the same thing: the key is the id, the
 * request's body is the body.
 *
 * <p><b>Guarantees.</b> Of any number of transactions with one id, one after the other or at the
 * same time, the effects of one at most are committed (INBOX-1, INBOX-2), and the others get its
 * recorded result (INBOX-12). If the work fails, neither its effects nor the id remain in the
 * transaction, and a redelivery runs it (INBOX-3). Ids count per consumer (INBOX-6). The duplicate
 * path leaves the transaction usable (INBOX-9). The same id with another body is a {@link
 * Once.Conflict} (INBOX-10).
 *
 * <p><b>Not guaranteed.</b> Anything about effects outside the transaction: a mail that the work
 * sends is sent again. Write a message to an outbox instead, in the same transaction (INBOX-8).
 *
 * <p><b>Failures.</b> What the work throws, after its effects were taken back. {@link
 * BackendException} if the database fails; the transaction must be rolled back then.
 *
 * <p><b>Threads.</b> Safe; a transaction belongs to one thread.
 *
 * <p><b>Limits.</b> Ids are kept for the retention of the {@link InboxOptions}; later the same id
 * runs again (INBOX-7). Recorded results of {@value #RESULT_MAX_BYTES} bytes.
 *
 * <pre>{@code
 * transactions.run(tx -> inbox.once(tx, message, () -> charge(tx, order)));
 * }</pre>
 *
 * @param <T> the transaction, such as {@code java.sql.Connection}
 */
public interface Inbox<T> {

  /** The biggest recorded result: it answers a duplicate, it does not archive. */
  int RESULT_MAX_BYTES = 64 << 10;

  /**
   * Runs work unless it ran for this id before.
   *
   * @param tx the transaction of the work, which the caller commits
   * @param id what recognises a duplicate
   * @param body what must be the same in a duplicate; its hash is stored
   * @param codec writes the result, and reads it for a duplicate
   * @param work the effects, within {@code tx}
   * @throws IllegalArgumentException if the result is bigger than {@value #RESULT_MAX_BYTES} bytes;
   *     the effects are taken back
   * @throws IllegalStateException if {@code tx} commits each statement by itself
   */
  <R, X extends Exception> Once<R> once(
      T tx, MessageId id, Bytes body, Codec<R> codec, Work<R, X> work) throws X;

  /** Runs work for a message unless it ran before; there is no result to record. */
  default <X extends Exception> Once<Bytes> once(T tx, Message message, Action<X> action) throws X {
    return once(
        tx,
        message.id(),
        message.payload(),
        Codec.bytes(),
        () -> {
          action.run();
          return Bytes.empty();
        });
  }

  /**
   * Forgets ids older than the retention, in a transaction of its own.
   *
   * @param most how many at most; call again while the answer is as big
   * @return how many were forgotten
   */
  int cleanUp(int most, Deadline deadline) throws InterruptedException;

  /**
   * The effects of a message, with a result.
   *
   * @param <R> the result
   * @param <X> how it fails
   */
  @FunctionalInterface
  interface Work<R, X extends Exception> {

    /** Writes the effects. */
    R run() throws X;
  }

  /**
   * The effects of a message.
   *
   * @param <X> how it fails
   */
  @FunctionalInterface
  interface Action<X extends Exception> {

    /** Writes the effects. */
    void run() throws X;
  }
}
