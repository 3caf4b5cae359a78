package dev.ashlar.resilience.breaker;

/** What a {@link Breaker} does with attempts. */
public enum BreakerState {
  /** Lets all through and counts how they end. */
  CLOSED,
  /** Refuses all until its time is over. */
  OPEN,
  /** Lets a few through to find out, and refuses the rest. */
  HALF_OPEN
}
