package dev.ashlar.messaging.topic;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.List;

/**
 * The subscriptions of one topic, for all processes that use it; what an engine implements.
 *
 * <p><b>Guarantees.</b> Each change is made at one moment and is seen by every listing that begins
 * after it was answered, from any handle: this is what makes subscribing and unsubscribing atomic
 * (TOPIC-6). A number is never given twice.
 *
 * <p><b>Failures.</b> {@link BackendException}. A change whose effect is unknown can be made again.
 *
 * <p><b>Threads.</b> Safe.
 *
 * @see MemorySubscriptions
 */
public interface SubscriptionRegistry {

  /**
   * Adds a subscription, unless one of that name is there.
   *
   * @return the one that is there afterwards, attached or not
   * @throws IllegalStateException if there are as many as the registry keeps
   */
  Subscription add(String name, SubscriptionOptions options, Deadline deadline)
      throws InterruptedException;

  /**
   * Keeps a transient subscription for another term.
   *
   * @return whether that very subscription is there, and attached
   */
  boolean renew(Subscription subscription, Deadline deadline) throws InterruptedException;

  /** Detaches that very subscription, and answers whether it was there and attached. */
  boolean detach(Subscription subscription, Deadline deadline) throws InterruptedException;

  /** Removes that very subscription, and answers whether it was there. */
  boolean remove(Subscription subscription, Deadline deadline) throws InterruptedException;

  /** Returns all that are there now; of transient ones those whose term is not over. */
  List<Subscription> all(Deadline deadline) throws InterruptedException;

  /** Returns after how long a silence a transient subscription has ended. */
  Duration term();
}
