package dev.ashlar.leases.keep;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LossCause;
import java.util.Optional;

/**
 * What became of work that was to run under a lease.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param <R> the work's result
 */
public sealed interface Scoped<R> {

  /**
   * The work ended while the lease was held.
   *
   * @param value what it returned
   */
  record Ran<R>(R value) implements Scoped<R> {}

  /**
   * The work did not run: somebody else has the lease.
   *
   * @param current whose it was when the store was asked last, if the store said so
   */
  record NotGranted<R>(Optional<Grant> current) implements Scoped<R> {

    /** Checks the part. */
    public NotGranted {
      requireNonNull(current, "current");
    }
  }

  /**
   * The lease was lost before the work ended. What it did may be beside the work of a successor,
   * unless a guard was in between.
   *
   * @param cause why
   * @param ended whether the work had ended when this was returned; otherwise it was interrupted
   *     and goes on for now
   * @param failure what the work threw after the loss, other than for the interruption
   */
  record Lost<R>(LossCause cause, boolean ended, Optional<Throwable> failure) implements Scoped<R> {

    /** Checks the parts. */
    public Lost {
      requireNonNull(cause, "cause");
      requireNonNull(failure, "failure");
    }
  }
}
