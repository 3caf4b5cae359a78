package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one queue promises beyond the contract that all queues keep, as data.
 *
 * <p>The contract's tests prove each promise that is made. An application states at start-up what
 * it needs, and fails there instead of in production:
 *
 * <pre>{@code
 * queue.guarantees().require(Promise.KEY_ORDER, Promise.KEY_ORDER_UNDER_RETRY);
 * }</pre>
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param promises what holds, beyond the contract
 * @param confirmed what a message survives once its sending was confirmed
 * @param clock whose clock ends a visibility, a delay and a message's time to live
 * @param dedupeWindow for how long a second sending of one message id is dropped by the queue; zero
 *     means that it is not
 * @param redeliveryHorizon how long after its first sending a message can still be delivered,
 *     redrive included; an inbox must remember its ids for at least as long
 */
public record Guarantees(
    Set<Promise> promises,
    Survival confirmed,
    ExpiryClock clock,
    Duration dedupeWindow,
    Duration redeliveryHorizon) {

  /** Checks and copies. */
  public Guarantees {
    promises = Set.copyOf(promises);
    requireNonNull(confirmed, "confirmed");
    requireNonNull(clock, "clock");
    requireNonNull(dedupeWindow, "dedupeWindow");
    requireNonNull(redeliveryHorizon, "redeliveryHorizon");
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

  /** What a queue may promise. */
  public enum Promise {
    /** With one producer, one consumer and no failure, messages arrive in the order sent. */
    FIFO("fifo"),
    /** First deliveries of one key come in the order sent, one in flight at a time. */
    KEY_ORDER("key-order"),
    /** While a message waits for its retry, later ones of its key wait behind it. */
    KEY_ORDER_UNDER_RETRY("key-order-under-retry"),
    /**
     * After a dead letter, later messages of its key are parked until it is redriven or discarded;
     * made by a queue whose options ask for it with {@link DeadKey.Park}.
     */
    KEY_PARKING("key-parking"),
    /** A message that is not settled in time is delivered again; renewal gives more time. */
    LEASE("lease"),
    /**
     * A message is delivered again as soon as the connection of its consumer is lost. Queues with
     * leases alone deny it: a lost connection tells them nothing, and the lease ends in its time.
     */
    CONNECTION_LOSS("connection-loss"),
    /** A message can be sent to become visible later. */
    DELAY("delay");

    private final String label;

    Promise(String label) {
      this.label = label;
    }

    /** Returns the name used in property lists and tables. */
    public String label() {
      return label;
    }
  }

  /** What confirmed messages survive. */
  public enum Survival {
    /** Nothing: they are in the memory of one process. */
    PROCESS_LIFETIME,
    /**
     * The death of any process that uses the queue. What the death of the machine leaves, such as a
     * loss of power, is as the database or disk is told.
     */
    PROCESS_DEATH,
    /** The death of the machine too: the disk said that it has them before they were confirmed. */
    MACHINE_DEATH
  }

  /** Whose clock ends things. */
  public enum ExpiryClock {
    /**
     * The elapsed clock of the process that holds the queue; jumps of the wall clock do nothing.
     */
    ELAPSED,
    /** The wall clock of the backend; if it jumps ahead, messages come early, and so again. */
    BACKEND_WALL
  }
}
