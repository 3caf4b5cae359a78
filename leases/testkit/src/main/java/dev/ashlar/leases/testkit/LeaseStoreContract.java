package dev.ashlar.leases.testkit;

/**
 * What every {@link dev.ashlar.leases.LeaseStore} must do, and what a lease that is kept in it
 * must, as tests: the properties LEASE-1 to LEASE-42, LEASE-64 and LEASE-65.
 *
 * <p>An adapter's test class extends this one, says how to open a store and which clock it lives
 * by, and inherits the rest.
 *
 * <p><b>Guarantees.</b> No test asserts by having slept long enough, so a slow machine makes the
 * tests slower and not red. On a clock that is moved by hand they take no time.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> An engine with a real clock and a term of three seconds needs about a minute.
 *
 * @see GuardContract
 */
public abstract class LeaseStoreContract extends ClockProperties {

  /** For subclasses. */
  protected LeaseStoreContract() {}
}
