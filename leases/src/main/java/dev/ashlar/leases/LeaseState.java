package dev.ashlar.leases;

/** Where a lease stands, as its holder may believe. */
public enum LeaseState {
  /** The store has confirmed it lately. */
  HELD,
  /** It is held, but the last confirmation is missing, late or unknown. */
  SUSPECT,
  /** It is over without having been given back; there is a {@link LossCause}. */
  LOST,
  /** The holder has given it up. */
  RELEASED;

  /** Returns whether the holder may act. */
  public boolean isHeld() {
    return this == HELD || this == SUSPECT;
  }
}
