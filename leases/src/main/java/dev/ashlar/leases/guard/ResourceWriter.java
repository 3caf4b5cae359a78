package dev.ashlar.leases.guard;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Observer;

/**
 * Writes to a resource: what code takes that need not know whether a lease is behind it.
 *
 * <p>A {@link Claim} is one, and is what a job has. The other one is {@link #unfenced}, the only
 * way round the guard, for what runs while no job does: a migration, a repair by hand.
 *
 * <p><b>Threads.</b> Safe; one transaction is used by one thread at a time.
 *
 * <pre>{@code
 * static int rename(ResourceWriter<Transaction> accounts, Transaction tx) {
 *   return accounts.write(tx, () -> renamed(tx)).orThrow();
 * }
 * }</pre>
 *
 * @param <T> the resource's transaction
 */
public interface ResourceWriter<T> {

  /** Returns what is written to. */
  String resource();

  /**
   * Runs work in a transaction. The caller commits or rolls back, soon.
   *
   * @param tx the transaction; nothing was read in it yet that the work relies on
   * @param work reads and writes; does not run unless accepted
   * @throws BackendException if the resource could not be asked
   */
  <R, X extends Exception> Fenced<R> write(T tx, Work<R, X> work) throws X;

  /**
   * Returns a writer that asks nobody, and is always accepted. Each write is counted as {@code
   * guard.unfenced}.
   *
   * <p><b>Not guaranteed.</b> Anything: it writes beside a holder, and after its successor, and no
   * claim waits for it. See to it that no holder works.
   *
   * @param resource 1 to 64 of A-Z a-z 0-9 . _ -
   * @param reason for the review and the log: 1 to 200 printable characters, not blank
   * @param observer counts
   */
  static <T> ResourceWriter<T> unfenced(String resource, String reason, Observer observer) {
    return new UnfencedWriter<>(resource, reason, observer);
  }

  /**
   * What is done under a claim.
   *
   * @param <R> its result
   * @param <X> how it fails
   */
  @FunctionalInterface
  interface Work<R, X extends Exception> {

    /** Does it. */
    R run() throws X;
  }
}
