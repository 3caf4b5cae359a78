package dev.ashlar.leases.guard;

import dev.ashlar.core.BackendException;
import dev.ashlar.leases.Fence;

/**
 * A resource in the hands of one holder of a lease. What the holder read before it had this may be
 * stale; what it reads from now on is not, until a successor claims.
 *
 * <p><b>Threads.</b> Safe; one transaction is used by one thread at a time.
 *
 * @param <T> the resource's transaction
 */
public interface Claim<T> extends ResourceWriter<T> {

  /** Returns what was claimed. */
  @Override
  String resource();

  /** Returns for whom. */
  Fence fence();

  /**
   * Runs work in a transaction in which no successor has claimed the resource, and none can until
   * it ends. The caller commits or rolls back, soon: the successor waits for it.
   *
   * @param tx the transaction; nothing was read in it yet that the work relies on
   * @param work reads and writes; does not run unless accepted
   * @throws BackendException if the resource could not be asked
   */
  @Override
  <R, X extends Exception> Fenced<R> write(T tx, Work<R, X> work) throws X;
}
