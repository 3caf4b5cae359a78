package dev.ashlar.leases.detect;

/** What one detector makes of one node's rhythm; told lengths, knows no clock. */
interface Judge {

  /** A heartbeat came that long after the one before it, which was not too long. */
  void learn(long gapNanos);

  /** Returns how much a silence speaks against the node; more for a longer one. */
  double level(long silenceNanos);

  /** Returns whether that much is too much. */
  boolean isTooMuch(double level);
}
