package dev.ashlar.leases;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What one lease store promises, as data.
 *
 * <p>The contract's tests prove what is declared. An application states at start-up what it needs,
 * with {@link #requireTokens}, and fails there instead of in production.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param tokens how far the order of the numbers can be relied on
 * @param clock whose clock ends a grant
 * @param fairness who is next among those that wait
 * @param terms who decides how long a grant lasts
 */
public record Guarantees(TokenStrength tokens, ExpiryClock clock, Fairness fairness, Terms terms) {

  /** Checks the parts. */
  public Guarantees {
    requireNonNull(tokens, "tokens");
    requireNonNull(clock, "clock");
    requireNonNull(fairness, "fairness");
    requireNonNull(terms, "terms");
  }

  /**
   * Demands numbers of some strength.
   *
   * @throws IllegalStateException if those of this store are weaker
   */
  public void requireTokens(TokenStrength least) {
    if (tokens.compareTo(least) < 0) {
      throw new IllegalStateException("tokens: " + tokens + " (expected: " + least + ")");
    }
  }

  /** Returns the names of the promises that some properties are conditional on. */
  public Set<String> labels() {
    return fairness == Fairness.FIFO ? Set.of("fifo") : Set.of();
  }

  /** How far the order of the numbers can be relied on, weakest first. */
  public enum TokenStrength {
    /** Later grants have larger numbers, except after a failover that nobody notices. */
    BEST_EFFORT,
    /** Later grants have larger numbers until the store loses its data, as by a restart. */
    UNTIL_RESET,
    /** Later grants have larger numbers, also after the store was restarted. */
    STRICT
  }

  /** Whose clock ends a grant. */
  public enum ExpiryClock {
    /** The elapsed clock of the process that has the store in it. */
    ELAPSED,
    /** The elapsed clock of the backend; jumps of wall clocks do nothing. */
    BACKEND_ELAPSED,
    /** The wall clock of the backend; a jump ahead ends grants early, which only a guard mends. */
    BACKEND_WALL,
    /** The elapsed clocks of those who wait: each watches for a whole term. */
    CONTENDERS
  }

  /** Who is next among those that wait. */
  public enum Fairness {
    /** Who asked first. */
    FIFO,
    /** Anybody. */
    NONE
  }

  /** Who decides how long a grant lasts. */
  public enum Terms {
    /** Each request, for its own lease. */
    PER_LEASE,
    /** The store, for all of them: its session ends as a whole. */
    PER_STORE
  }
}
