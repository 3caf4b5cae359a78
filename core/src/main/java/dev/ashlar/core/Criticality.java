package dev.ashlar.core;

/**
 * How much is lost when a request is refused under load; the least critical is refused first.
 *
 * <p>The four classes and their use are those of the Site Reliability Engineering book, chapter
 * "Handling Overload". The order of the constants is from most to least critical.
 */
public enum Criticality {
  /** Refusing it is seen by users at once and hurts badly: taking an order, paying. */
  CRITICAL_PLUS,
  /** Refusing it is seen by users. What production work sends unless it says otherwise. */
  CRITICAL,
  /** Partial unavailability is expected: batch work that can retry within minutes. */
  SHEDDABLE_PLUS,
  /** Frequent unavailability is expected: prefetching, recomputing, crawling. */
  SHEDDABLE;

  /** Returns whichever of the two is refused first. */
  public Criticality atMost(Criticality ceiling) {
    return compareTo(ceiling) >= 0 ? this : ceiling;
  }
}
