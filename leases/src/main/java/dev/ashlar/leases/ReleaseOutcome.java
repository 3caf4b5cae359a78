package dev.ashlar.leases;

/** What became of a lease that its holder gave up. */
public enum ReleaseOutcome {
  /** The store has it back, and may grant it at once. */
  RELEASED,
  /** It was over before. */
  ALREADY_LOST,
  /**
   * The store did not confirm it, or was not asked because work was still going on. It ends with
   * its term.
   */
  UNKNOWN
}
