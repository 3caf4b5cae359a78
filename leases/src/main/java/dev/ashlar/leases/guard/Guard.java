package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Lease;

/**
 * Lets only the latest holder of a lease write to a resource.
 *
 * <p>The order of life is: acquire the lease, claim the resource, read, write, release. The claim
 * comes before the first read: otherwise a write of the former holder that is still under way lands
 * after the read, is accepted because the floor has not moved, and is then overwritten unseen.
 *
 * <p><b>Guarantees.</b> After a claim no write of an earlier holder is accepted, ever (LEASE-43). A
 * write that was under way is either visible to the first read after the claim, or rejected
 * (LEASE-44), so successive holders lose no acknowledged update (LEASE-45). A rejection says both
 * numbers, and the lease of the one who was rejected is lost at once (LEASE-48); then it goes out
 * to the {@link RejectionPublisher}, which is tried until it has taken it (LEASE-32). Two resources
 * are claimed independently, also under one lease (LEASE-50). Claiming again is harmless
 * (LEASE-47). If the store's numbers went back, a claim fails loudly and nothing is written
 * (LEASE-49).
 *
 * <p><b>Not guaranteed.</b> Anything about writes that go round the guard, as {@link
 * ResourceWriter#unfenced} does, or that are made after the transaction of their {@link
 * Claim#write} has ended. Nobody is told that a successor has claimed before they come themselves:
 * at an orderly hand-over that would be a message about nothing.
 *
 * <p><b>Failures.</b> {@link TokenRegressionException}; {@link BackendException} where the resource
 * or the store does not answer. A rejection is a value.
 *
 * <p><b>Threads.</b> Safe.
 *
 * @param <T> the resource's transaction
 */
@FunctionalInterface
public interface Guard<T> {

  /** Returns the guard that keeps its floor where the resource keeps its data. */
  static <T> Guard<T> over(Floor<T> floor, Observer observer) {
    return over(floor, rejection -> {}, observer);
  }

  /**
   * Returns the guard that keeps its floor where the resource keeps its data, and tells of the
   * holders that it has turned away.
   *
   * @param floor beside the data
   * @param rejections is given each rejection, once for each grant and resource, after the lease is
   *     lost; again at the next call that is turned away, until it has taken it
   * @param observer counts, and sees the steps
   */
  static <T> Guard<T> over(Floor<T> floor, RejectionPublisher rejections, Observer observer) {
    return new FloorGuard<>(
        requireNonNull(floor, "floor"),
        requireNonNull(rejections, "rejections"),
        requireNonNull(observer, "observer"));
  }

  /**
   * Claims a resource for the holder of a lease, durably, waiting for writes that are under way.
   *
   * @param resource 1 to 64 of A-Z a-z 0-9 . _ -; always claimed under the same lease
   * @param lease held
   * @param deadline of the waiting
   * @throws TokenRegressionException if the store says that the lease is held, and the floor says
   *     that its number is old
   */
  Fenced<Claim<T>> claim(String resource, Lease lease, Deadline deadline)
      throws InterruptedException;
}
