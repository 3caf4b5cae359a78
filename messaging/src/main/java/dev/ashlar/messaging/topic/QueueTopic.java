package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.ExclusiveRight;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A topic over queues: one to publish to, one for each subscription, and a bridge in between.
 *
 * <p>Any engine that has queues so has topics, with the promises of its queues. The bridge is the
 * only part that runs by itself; start one in a process that stays up, or one in each.
 *
 * <p><b>Guarantees.</b> Those of {@link Topic}, for as long as a {@link Bridge} runs somewhere.
 * Accepted messages survive what the source's do.
 *
 * <p><b>Not guaranteed.</b> That messages arrive while no bridge runs; they wait in the source.
 *
 * <p><b>Failures.</b> Those of its queues and its registry.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link TopicOptions}; the source's capacity is the topic's backlog.
 *
 * <pre>{@code
 * QueueTopic topic = QueueTopic.of(source, registry, queues, options);
 * MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
 * Bridge bridge = topic.startBridge();
 * topic.send(message, deadline);
 * List<Delivery> deliveries = invoices.receive(10, deadline);
 * }</pre>
 */
public final class QueueTopic implements Topic {

  private final Parts parts;
  private final Observer observer;

  private QueueTopic(Parts parts) {
    this.parts = parts;
    this.observer = parts.options().observer();
  }

  /**
   * Returns a handle on a topic.
   *
   * @param source what is published to; its name is the topic's. The topic does not close it
   * @param registry knows the subscriptions, for all processes
   * @param queues finds their queues
   * @param options the same for all handles; the observer is told {@code topic.forwarded}, {@code
   *     topic.dropped}, {@code topic.detached}, {@code topic.stale}, what failed and was tried
   *     again, and the steps of subscribing and of the bridge
   */
  public static QueueTopic of(
      MessageQueue source,
      SubscriptionRegistry registry,
      SubscriberQueues queues,
      TopicOptions options) {
    Subscription.checkName(source.name());
    return new QueueTopic(new Parts(source, registry, queues, options));
  }

  /** Starts to forward. */
  public Bridge startBridge() {
    return Bridge.start(parts, Optional.empty());
  }

  /** Starts to forward for as long as a right is held, so that one of several processes does. */
  public Bridge startBridge(ExclusiveRight right) {
    return Bridge.start(parts, Optional.of(right));
  }

  @Override
  public String name() {
    return parts.source().name();
  }

  @Override
  public TopicGuarantees guarantees() {
    Guarantees source = parts.source().guarantees();
    Set<TopicGuarantees.Promise> promises =
        EnumSet.of(TopicGuarantees.Promise.DURABLE, TopicGuarantees.Promise.BRIDGE);
    if (source.has(Guarantees.Promise.KEY_ORDER)
        && source.has(Guarantees.Promise.KEY_ORDER_UNDER_RETRY)) {
      promises.add(TopicGuarantees.Promise.KEY_ORDER);
    }
    return new TopicGuarantees(
        promises,
        source.confirmed(),
        new TopicGuarantees.Coupling(
            parts.options().window() - 1,
            parts.source().options().capacity(),
            parts.options().retryMax(),
            parts.options().tryMax()));
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return parts.source().trySend(message, delay, deadline);
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return parts.source().sendAll(messages, deadline);
  }

  @Override
  public MessageQueue subscribe(String name, SubscriptionOptions options, Deadline deadline)
      throws InterruptedException {
    Subscription.checkName(name);
    boolean joins =
        parts.registry().all(deadline).stream().anyMatch(each -> each.name().equals(name));
    observer.step("topic.subscribing");
    Subscription subscription = parts.registry().add(name, options, deadline);
    observer.step("topic.subscribed");
    if (!subscription.options().equals(options)) {
      throw new IllegalArgumentException(
          "options: " + options + " (expected: as it is there, " + subscription.options() + ")");
    }
    MessageQueue queue = parts.queues().open(subscription.queueName(name()));
    int needed = parts.source().options().payloadMaxBytes();
    int taken = queue.options().payloadMaxBytes();
    if (taken < needed) {
      if (!joins) {
        parts.registry().remove(subscription, deadline);
      }
      throw new IllegalStateException(
          "payloadMaxBytes: " + taken + " (expected: at least the source's, " + needed + ")");
    }
    return new SubscriptionQueue(queue, subscription, parts);
  }

  @Override
  public boolean unsubscribe(String name, Deadline deadline) throws InterruptedException {
    Optional<Subscription> there =
        parts.registry().all(deadline).stream()
            .filter(each -> each.name().equals(name))
            .findFirst();
    if (there.isEmpty()) {
      return false;
    }
    observer.step("topic.unsubscribing");
    boolean removed = parts.registry().remove(there.get(), deadline);
    observer.step("topic.unsubscribed");
    parts.queues().drop(there.get().queueName(name()), deadline);
    return removed;
  }

  @Override
  public List<Subscription> subscriptions(Deadline deadline) throws InterruptedException {
    return parts.registry().all(deadline);
  }

  /** Does nothing: source, registry and queues belong to whoever gave them, bridges are closed. */
  @Override
  public void close() {}

  /** What a topic is made of. */
  record Parts(
      MessageQueue source,
      SubscriptionRegistry registry,
      SubscriberQueues queues,
      TopicOptions options) {

    Parts {
      requireNonNull(source, "source");
      requireNonNull(registry, "registry");
      requireNonNull(queues, "queues");
      requireNonNull(options, "options");
    }
  }
}
