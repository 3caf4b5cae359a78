package dev.ashlar.examples.shop;

import dev.ashlar.examples.shop.settle.LeaseEngine;
import java.time.Duration;
import java.util.Optional;

/**
 * How the shop is to run.
 *
 * @param action what to do
 * @param orders the file with orders, {@code -} for standard input; empty to make them
 * @param count how many to make
 * @param seed what to make them from
 * @param faults the file with the schedule; empty for the one that is built in
 * @param processes each service in a process of its own
 * @param leases what grants the leases of the settlement
 * @param keep where the databases stay; empty to remove them
 * @param json report in JSON
 * @param timeLimit of each strategy; empty for one that grows with the orders
 */
record Options(
    Action action,
    Optional<String> orders,
    long count,
    long seed,
    Optional<String> faults,
    boolean processes,
    LeaseEngine leases,
    Optional<String> keep,
    boolean json,
    Optional<Duration> timeLimit) {

  /** What the shop can be asked to do. */
  enum Action {
    /** Run both strategies. */
    RUN,
    /** Explain the options. */
    HELP,
    /** Print the built-in schedule. */
    PRINT_FAULTS
  }
}
