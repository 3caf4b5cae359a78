package dev.ashlar.leases;

/** Why a lease was lost. */
public enum LossCause {
  /** No confirmation came in time, and the holder stopped believing before the store did. */
  DEADLINE,
  /** The store had ended the grant, and granted the lease to nobody since. */
  EXPIRED,
  /** The store has granted the lease to somebody else. */
  SUPERSEDED,
  /** The work under the lease did not progress for as long as the options allow. */
  STALLED,
  /** A resource has refused the token: a successor has claimed it already. */
  FENCED_BY_RESOURCE,
  /** The store's numbers went back, so the token proves nothing. */
  BACKEND_RESET
}
