package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;

/**
 * Where a {@link FenceRejection} goes out to: a queue that the stale holder's process reads, a
 * channel of whoever looks after the job.
 *
 * <p>The rejected call has the rejection in its hand already. This is for everybody else: the part
 * of the process that goes on with its work, the process whose answer got lost, people.
 *
 * <p><b>Failures.</b> Whatever it throws means that it has not taken the rejection. It is counted
 * as {@code guard.rejection.kept}, changes nothing for the rejected call, and is tried again.
 *
 * <p><b>Threads.</b> Safe. It is called in the thread, and inside the transaction, of whoever was
 * rejected, so it is short and has a time limit of its own; it is not part of that transaction,
 * which is going to be rolled back. An interrupt is left for the caller to find.
 *
 * @see FenceRejection#text()
 */
@FunctionalInterface
public interface RejectionPublisher {

  /**
   * Takes a rejection.
   *
   * @throws RuntimeException if it has not
   */
  void publish(FenceRejection rejection);

  /**
   * Returns a publisher that gives each rejection to another one until it has taken it, and then no
   * more: one for each grant and resource. It never throws; what is not taken is given again when
   * the next one is published.
   *
   * <p><b>Limits.</b> Knows the last 1,024 of them; one that is older can go out again, or, if it
   * was never taken, is dropped and counted as {@code guard.rejection.dropped}.
   *
   * @param to takes them
   * @param observer counts what does not go out
   */
  static RejectionPublisher onceEach(RejectionPublisher to, Observer observer) {
    return new PendingRejections(requireNonNull(to, "to"), requireNonNull(observer, "observer"));
  }
}
