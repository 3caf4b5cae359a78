package dev.ashlar.messaging.outbox;

import dev.ashlar.core.BackendException;
import dev.ashlar.messaging.Message;

/**
 * Messages that a transaction wants sent, written with its other changes.
 *
 * <p>Writing to a database and sending to a broker are two acts, and a process can die between
 * them. The outbox makes them one: the message is a row, and an {@link OutboxRelay} sends rows that
 * were committed. It stores envelopes, never calls of code: code is renamed, data stay.
 *
 * <p><b>Guarantees.</b> A message whose transaction rolls back is never sent (OUTBOX-1), one whose
 * transaction commits is, also if the process dies right after (OUTBOX-2), and none is sent before
 * (OUTBOX-3). A row keeps its message id however often it is sent (OUTBOX-4). Where the
 * transactions for one key exclude each other, its messages are sent in the order they were
 * committed (OUTBOX-6).
 *
 * <p><b>Not guaranteed.</b> Single sending: after a crash a message is sent again. Order between
 * transactions that run at the same time.
 *
 * <p><b>Failures.</b> {@link BackendException}; the transaction must be rolled back then. With
 * {@link dev.ashlar.core.Advice.Overloaded} the backlog is full: the broker has been away for too
 * long (OUTBOX-8).
 *
 * <p><b>Threads.</b> Safe; a transaction belongs to one thread.
 *
 * @param <T> the transaction, such as {@code java.sql.Connection}
 */
public interface Outbox<T> {

  /**
   * Writes a message to be sent once the transaction commits. It belongs to whoever wrote it, not
   * to whoever sends it: a message without a context gets the current one, if there is one, and is
   * an operation of the outbox's observer here and not at the relay ({@link Message#handOver}).
   *
   * @param tx the transaction, which the caller commits
   * @param destination the name under which the relay knows the queue
   * @throws IllegalStateException if {@code tx} commits each statement by itself
   */
  void add(T tx, String destination, Message message);
}
