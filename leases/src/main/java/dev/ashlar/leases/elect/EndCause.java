package dev.ashlar.leases.elect;

/** Why a term ended. */
public enum EndCause {
  /** This node gave it up, and stands again later. */
  RESIGNED,
  /** This node's elector was closed. */
  CLOSED,
  /** The lease was lost; it says {@linkplain dev.ashlar.leases.Lease#lossCause() why}. */
  LOST
}
