package dev.ashlar.resilience.breaker;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a {@link Breaker} says to an attempt.
 *
 * <p><b>Threads.</b> Safe.
 */
public sealed interface Admission {

  /**
   * The attempt may be made, and how it ends is to be told.
   *
   * @param permit to be settled, whatever happens
   */
  record Admitted(Permit permit) implements Admission {

    /** Checks that there is a permit. */
    public Admitted {
      requireNonNull(permit, "permit");
    }
  }

  /**
   * The attempt must not be made. Nothing was sent, and nothing is counted.
   *
   * @param retryAfter when it is worth asking again at the earliest; zero if nobody knows
   */
  record Refused(Duration retryAfter) implements Admission {

    /** Checks that there is a time. */
    public Refused {
      requireNonNull(retryAfter, "retryAfter");
    }
  }

  /** One admitted attempt. It is settled once; settling it again changes nothing. */
  interface Permit {

    /** The backend answered, be it with a refusal that is the caller's fault. */
    void succeeded(long nowNanos);

    /** The backend did not answer, or answered that it failed. */
    void failed(long nowNanos);

    /** The attempt says nothing about the backend: it was called off, or refused before it. */
    void ignored(long nowNanos);
  }
}
