package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.Guarantees.Survival;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one log promises beyond the contract that all logs keep, as data.
 *
 * <p>Each promise adds tests to the contract and takes none away. A promise that is not made but
 * holds all the same is reported by the contract as a warning.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param promises what holds, beyond the contract
 * @param confirmed what a record survives once its append was accepted
 * @param horizon how long after its append a record can still be read for the first time; an inbox
 *     must remember its ids for at least as long
 */
public record LogGuarantees(Set<Promise> promises, Survival confirmed, Duration horizon) {

  /** Checks and copies. */
  public LogGuarantees {
    promises = Set.copyOf(promises);
    requireNonNull(confirmed, "confirmed");
    requireNonNull(horizon, "horizon");
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
    Set<Promise> missing = EnumSet.noneOf(Promise.class);
    for (Promise promise : needed) {
      if (!has(promise)) {
        missing.add(promise);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          missing.stream()
              .map(Promise::label)
              .collect(Collectors.joining(", ", "guarantees: without ", " (expected: with)")));
    }
  }

  /** What a log may promise. */
  public enum Promise {
    /**
     * Records of an unfinished transaction hold back what stands behind them, so nothing is read
     * before something that comes to stand in front of it; {@link Lag#heldBack()} shows it.
     */
    TX_HORIZON("tx-horizon"),
    /** The log can say where its partitions end now, so that a state can be built up to there. */
    SNAPSHOT("snapshot"),
    /** Several appends become visible together or not at all. */
    TRANSACTIONS("transactions"),
    /** Partitions can be split or merged, and groups read parents before children. */
    RESHARDING("resharding");

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
