package dev.ashlar.resilience;

/** What a {@link Pipeline} does with an attempt that outlives its time. */
public enum OnTimeout {
  /**
   * Interrupts its thread, once, at the attempt's deadline. For everything that an interrupt stops
   * cleanly: sockets of HTTP clients, waits.
   */
  INTERRUPT,
  /**
   * Waits for it to end. For calls that keep the deadline themselves, or that an interrupt damages,
   * such as an embedded database, whose files it closes.
   */
  WAIT
}
