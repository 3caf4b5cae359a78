package dev.ashlar.leases.elect;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.ExclusiveRight;
import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;

/**
 * One node's time as the leader: a lease, whose token is the term's number.
 *
 * <p>Only {@link Elector#currentTerm()} says whether it is the current one. Its lease is held a
 * little longer when the leader resigns, for what has to be written at the end.
 *
 * <p><b>Threads.</b> Immutable, over a lease that is safe.
 *
 * @param lease kept by the elector, which also gives it back: a leader that wants to end resigns
 */
public record Term(Lease lease) implements ExclusiveRight {

  /** Checks the part. */
  public Term {
    requireNonNull(lease, "lease");
  }

  /** Returns its number, larger than that of any term before. */
  public long number() {
    return token().value();
  }

  /** Returns what a leader shows to a resource. */
  public Fence fence() {
    return lease.fence();
  }

  @Override
  public FencingToken token() {
    return lease.token();
  }

  /** Returns whether the lease is held; what the leader writes with it may still be accepted. */
  @Override
  public boolean stillHeld() {
    return lease.stillHeld();
  }

  @Override
  public String toString() {
    return "Term " + number() + " of " + lease.name().value();
  }
}
