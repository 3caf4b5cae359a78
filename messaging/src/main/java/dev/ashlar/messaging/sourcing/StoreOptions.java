package dev.ashlar.messaging.sourcing;

/**
 * The bounds of an event store.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> One append has 1 MiB of payloads unless told otherwise: it is one transaction,
 * and a stream of bigger ones takes too long to read again. The capacity has no default: streams
 * never shrink, and only the owner of the store knows how much may come together.
 *
 * @param capacity the most events of all streams together
 * @param appendMaxBytes the most bytes of the payloads of one append
 */
public record StoreOptions(long capacity, int appendMaxBytes) {

  /** Checks the bounds. */
  public StoreOptions {
    inRange("capacity", capacity, 1, 1_000_000_000_000L);
    inRange("appendMaxBytes", appendMaxBytes, 1, 64 << 20);
  }

  private static void inRange(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  /** Returns the defaults with a capacity. */
  public static StoreOptions capacity(long capacity) {
    return new StoreOptions(capacity, 1 << 20);
  }

  /** Returns these options with another bound on the payloads of one append. */
  public StoreOptions withAppendMaxBytes(int changed) {
    return new StoreOptions(capacity, changed);
  }
}
