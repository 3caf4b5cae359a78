package dev.ashlar.messaging.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.Guarantees.Survival;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one event store promises beyond the contract that all stores keep, as data.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param promises what holds, beyond the contract
 * @param confirmed what events survive once their append was answered
 */
public record StoreGuarantees(Set<Promise> promises, Survival confirmed) {

  /** Checks and copies. */
  public StoreGuarantees {
    promises = Set.copyOf(promises);
    requireNonNull(confirmed, "confirmed");
  }

  /** Returns whether something is promised. */
  public boolean has(Promise promise) {
    return promises.contains(promise);
  }

  /**
   * Demands promises.
   *
   * @throws IllegalStateException naming those that are not made
   */
  public void require(Promise... needed) {
    Set<String> missing = new TreeSet<>();
    for (Promise promise : needed) {
      if (!has(promise)) {
        missing.add(promise.label());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "guarantees: without " + String.join(", ", missing) + " (expected: with)");
    }
  }

  /** What an event store may promise. */
  public enum Promise {
    /** A read that begins after an append was answered sees its events, from any handle. */
    FRESH_READS("fresh-reads");

    private final String label;

    Promise(String label) {
      this.label = label;
    }

    /** Returns the name used in property lists and tables. */
    public String label() {
      return label;
    }
  }
}
