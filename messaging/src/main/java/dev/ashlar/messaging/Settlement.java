package dev.ashlar.messaging;

/** What became of the attempt to settle or renew a delivery. */
public enum Settlement {
  /** The delivery still owned the message, and what was asked is done. */
  APPLIED,
  /**
   * The delivery no longer owns the message: it was settled before, or its visibility ended and
   * somebody else has it. Nothing was changed.
   */
  STALE
}
