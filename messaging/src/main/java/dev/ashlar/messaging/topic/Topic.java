package dev.ashlar.messaging.topic;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.List;

/**
 * What is published once and received by every subscription.
 *
 * <p>Sending to a topic reads like sending to a queue, and receiving from a subscription is
 * receiving from its queue, with the same consumer. What differs is who decides: a producer does
 * not know how many subscriptions there are, and none of them takes a message from another.
 *
 * <p><b>Guarantees.</b> A message whose publishing was accepted comes to every subscription that
 * was there before it was published, at least once and with its id, in the order of its key where
 * that is promised (TOPIC-1, TOPIC-3, TOPIC-8). Members of one subscription share its messages; two
 * subscriptions each get all (TOPIC-7). A subscription is there as soon as subscribing returns, and
 * gets nothing that is published after unsubscribing returned (TOPIC-6). One that is slow, full or
 * away delays others as far as {@link TopicGuarantees#coupling()} says, and no further (TOPIC-2,
 * TOPIC-9). What was published is what arrives, and it is handed over once (TOPIC-10).
 *
 * <p><b>Not guaranteed.</b> Single delivery: put an inbox before effects that must happen once, one
 * for each subscription. That a new subscription gets nothing of before: what was published shortly
 * before it may come too. That a message which nobody subscribed to is kept.
 *
 * <p><b>Failures.</b> As of a {@link MessageQueue}.
 *
 * <p><b>Threads.</b> Safe, for any number of producers and subscribers.
 *
 * <p><b>Limits.</b> {@link TopicOptions}, {@link LogTopicOptions}.
 *
 * @see QueueTopic
 * @see LogTopic
 */
public interface Topic extends AutoCloseable {

  /** Returns the topic's name, 1 to {@value Subscription#NAME_MAX} characters. */
  String name();

  /** Returns what this topic promises beyond the contract, and what its subscriptions share. */
  TopicGuarantees guarantees();

  /**
   * Publishes a message, and waits for room until the deadline; as {@link MessageQueue#trySend}.
   *
   * @param delay for how long the message stays invisible to every subscription; over a log none
   */
  SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException;

  /** Publishes messages in order and answers for each; as {@link MessageQueue#sendAll}. */
  List<SendResult> sendAll(List<Message> messages, Deadline deadline) throws InterruptedException;

  /**
   * Publishes a message, and makes anything but acceptance an exception.
   *
   * @throws BackendException as {@link MessageQueue#send} does
   */
  default void send(Message message, Deadline deadline) throws InterruptedException {
    trySend(message, Duration.ZERO, deadline).orThrow();
  }

  /**
   * Subscribes, or joins the subscription of that name: its members share the messages.
   *
   * @param name 1 to {@value Subscription#NAME_MAX} of {@code A-Z a-z 0-9 . _ -}
   * @return the queue of the subscription, to be given to a consumer. Once the subscription has
   *     ended and nothing is left, receiving from it fails with {@link IllegalStateException}.
   *     Closing it lets this member go; a call that waits ends soon after
   * @throws IllegalArgumentException if it is there with other options
   */
  MessageQueue subscribe(String name, SubscriptionOptions options, Deadline deadline)
      throws InterruptedException;

  /**
   * Ends a subscription for all its members. What its queue still holds is dropped.
   *
   * @return whether there was one
   */
  boolean unsubscribe(String name, Deadline deadline) throws InterruptedException;

  /** Returns the subscriptions that are there now, detached ones included. */
  List<Subscription> subscriptions(Deadline deadline) throws InterruptedException;

  /** Lets go of what this handle holds; subscriptions stay. Closing twice is harmless. */
  @Override
  void close();
}
