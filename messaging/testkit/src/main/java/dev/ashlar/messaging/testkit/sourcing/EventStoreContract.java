package dev.ashlar.messaging.testkit.sourcing;

/**
 * What every {@link dev.ashlar.messaging.sourcing.EventStore} must do, as tests: the properties
 * STORE-1 to STORE-4 and STORE-7 to STORE-11.
 *
 * <p>An adapter's test class extends this one and says how to open a store. The property that needs
 * a promise is tested where the store's guarantees make it, and reported as skipped where they do
 * not.
 *
 * <p><b>Guarantees.</b> No test asserts by having slept long enough, so a slow machine makes the
 * tests slower and not red.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class EventStoreContract extends ReadingProperties {

  /** For subclasses. */
  protected EventStoreContract() {}
}
