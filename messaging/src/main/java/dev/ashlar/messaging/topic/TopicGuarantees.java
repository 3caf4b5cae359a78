package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.Guarantees.Survival;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one topic promises beyond the contract that all topics keep, as data.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param promises what holds, beyond the contract
 * @param confirmed what a message survives once its publishing was accepted
 * @param coupling what subscriptions share, and so can take from each other
 */
public record TopicGuarantees(Set<Promise> promises, Survival confirmed, Coupling coupling) {

  /** Checks and copies. */
  public TopicGuarantees {
    promises = Set.copyOf(promises);
    requireNonNull(confirmed, "confirmed");
    requireNonNull(coupling, "coupling");
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

  /** What a topic may promise. */
  public enum Promise {
    /** A durable subscription gets what is published while nobody receives from it. */
    DURABLE("durable"),
    /** Messages of one key come to each subscription's queue in the order published. */
    KEY_ORDER("key-order"),
    /**
     * Each subscription has a queue of its own, which is filled by a {@link Bridge}: how full or
     * silent one may be is its own bound, and not that of what was published.
     */
    BRIDGE("bridge");

    private final String label;

    Promise(String label) {
      this.label = label;
    }

    /** Returns the name used in property lists and tables. */
    public String label() {
      return label;
    }
  }

  /**
   * How far a subscription whose queue takes nothing delays the others.
   *
   * <p>Messages of the key that it holds up wait for all. Of other messages, the others still get
   * {@code messagesAhead}; then nothing more, until it takes some. Producers are accepted until
   * {@code backlogMax} messages wait, and are then told that the topic is full. A subscription that
   * drops or detaches ends this after its patience. A queue that is full or does not answer costs
   * the others the time of each try, and tries become rarer.
   *
   * @param messagesAhead how many messages others get beyond the oldest that is held up, at most
   * @param backlogMax how many messages producers can publish beyond what is forwarded
   * @param triesEvery how often a queue that takes nothing is tried at most, in the long run
   * @param tryMax how long one try takes at most
   */
  public record Coupling(int messagesAhead, int backlogMax, Duration triesEvery, Duration tryMax) {

    /** Returns the coupling of subscriptions that share nothing, so that none delays another. */
    public static Coupling none() {
      return new Coupling(Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ZERO, Duration.ZERO);
    }
  }
}
