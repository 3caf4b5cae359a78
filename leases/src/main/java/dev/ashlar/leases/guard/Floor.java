package dev.ashlar.leases.guard;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Fence;

/**
 * The largest number that a resource was claimed with, kept where the resource keeps its data: what
 * a backend implements. Holders of a lease use a {@link Guard} over it; a service that is sent the
 * fence with a request uses the floor itself.
 *
 * <p><b>Guarantees.</b> Once {@link #raise} answered {@link Standing.Level}, the floor is as
 * durable as the data, and no transaction that was checked against a smaller number commits any
 * more (LEASE-43). A transaction that was checked before has ended by then, so its writes are
 * visible to whoever raised the floor, or is refused at its commit (LEASE-44). {@link #check}
 * passes only who has claimed, not who merely has a larger number (LEASE-46).
 *
 * <p><b>Failures.</b> No exception but {@link InterruptedException}, which leaves the effect
 * unknown, and {@link IllegalStateException} for misuse: a transaction that commits each statement,
 * or a resource that was claimed under another lease ({@link OtherLeaseException}).
 *
 * <p><b>Threads.</b> Safe.
 *
 * @param <T> the resource's transaction
 */
public interface Floor<T> {

  /**
   * Raises the floor to a larger number, durably, after waiting for the transactions that were
   * checked against the old one, unless their commits are refused from now on. Raising to the same
   * number by the same holder is a success, so it can be repeated.
   *
   * @param resource 1 to 64 of A-Z a-z 0-9 . _ -
   * @param fence the number, and whose it is
   * @param deadline of the waiting
   * @return {@link Standing.Differs} if the floor is above, or at the same number of another holder
   */
  Standing raise(String resource, Fence fence, Deadline deadline) throws InterruptedException;

  /**
   * Looks whether the floor is this one, and keeps it from being raised until the transaction has
   * ended, or has the commit refused if it was.
   *
   * @param tx the transaction of the writes that follow
   * @param resource as claimed
   * @param fence as claimed
   */
  Standing check(T tx, String resource, Fence fence);
}
