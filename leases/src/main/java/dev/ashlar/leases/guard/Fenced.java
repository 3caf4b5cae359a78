package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.LeaseState;

/**
 * What a guard made of a claim or a write.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param <V> what it gives if the holder may act
 */
public sealed interface Fenced<V> {

  /**
   * The holder may act, or has.
   *
   * @param value what came of it
   */
  record Accepted<V>(V value) implements Fenced<V> {}

  /**
   * The resource knows a later holder; nothing was written. The lease is lost.
   *
   * @param rejection who was refused, and because of whom
   */
  record Rejected<V>(FenceRejection rejection) implements Fenced<V> {

    /** Checks the part. */
    public Rejected {
      requireNonNull(rejection, "rejection");
    }
  }

  /**
   * The lease was over before the resource was asked; nothing was written.
   *
   * @param state where the lease stands; one that is still held is being released
   */
  record NotHeld<V>(LeaseState state) implements Fenced<V> {

    /** Checks the part. */
    public NotHeld {
      requireNonNull(state, "state");
    }
  }

  /**
   * Returns what came of it, or ends the caller's work and so its transaction.
   *
   * @throws IllegalStateException saying who was refused, and because of whom
   */
  default V orThrow() {
    if (this instanceof Accepted<V> accepted) {
      return accepted.value();
    }
    throw new IllegalStateException(
        this instanceof Rejected<V> rejected
            ? rejected.rejection().describe()
            : "lease: " + ((NotHeld<V>) this).state() + " (expected: held)");
  }
}
