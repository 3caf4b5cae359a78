package dev.ashlar.messaging.topic;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/*
 * A transient subscription needs a sign of life, and a thread for it would go on when its consumer
 * hangs. What a consumer does anyway is the better sign: it receives while it waits, renews while it
 * handles, and settles in between. So each of these renews the subscription when a third of its term
 * is over, which leaves two more occasions before it ends.
 */

/** The queue of a subscription as its members see it. */
final class SubscriptionQueue implements MessageQueue {

  private final MessageQueue inner;
  private final Subscription subscription;
  private final QueueTopic.Parts parts;
  private final TimeSource time;
  private long renewedAtNanos;
  private boolean ended;
  private boolean closed;

  SubscriptionQueue(MessageQueue inner, Subscription subscription, QueueTopic.Parts parts) {
    this.inner = inner;
    this.subscription = subscription;
    this.parts = parts;
    this.time = parts.options().time();
    this.renewedAtNanos = time.nanos();
  }

  /**
   * Tells the registry that somebody is here, now and then; an answer that fails is no answer. It
   * may take a call longer than its deadline, or who always asks at once would never be seen; so it
   * is one short try, of which a term has three.
   */
  private void showLife() throws InterruptedException {
    if (!isTimeToRenew()) {
      return;
    }
    try {
      boolean there =
          parts.registry().renew(subscription, Deadline.after(parts.options().tryMax(), time));
      noteEnd(!there);
    } catch (BackendException e) {
      parts.options().observer().count("topic.registry.failed", 1);
    }
  }

  private synchronized boolean isTimeToRenew() {
    long now = time.nanos();
    if (now - renewedAtNanos < parts.registry().term().toNanos() / 3) {
      return false;
    }
    renewedAtNanos = now;
    return true;
  }

  private synchronized void noteEnd(boolean hasEnded) {
    ended = hasEnded;
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  /** Waits in parts, so that a member that waits for long shows life meanwhile. */
  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    Duration look = parts.registry().term().dividedBy(3);
    while (true) {
      checkOpen();
      showLife();
      List<Delivery> deliveries = inner.receive(most, deadline.shortenedTo(look));
      if (!deliveries.isEmpty()) {
        return deliveries.stream().<Delivery>map(Member::new).toList();
      }
      if (hasEnded()) {
        throw new IllegalStateException(
            "subscription " + subscription.name() + ": ended (expected: attached)");
      }
      if (deadline.hasExpired()) {
        return List.of();
      }
    }
  }

  @Override
  public List<Settlement> settleAll(List<Delivery> deliveries, Outcome outcome, Deadline deadline)
      throws InterruptedException {
    showLife();
    return inner.settleAll(
        deliveries.stream()
            .map(each -> each instanceof Member member ? member.delivery : each)
            .toList(),
        outcome,
        deadline);
  }

  /** A message was first sent to the topic, so the time in the source is part of the horizon. */
  @Override
  public Guarantees guarantees() {
    Guarantees own = inner.guarantees();
    Duration horizon =
        own.redeliveryHorizon().plus(parts.source().guarantees().redeliveryHorizon());
    return new Guarantees(
        own.promises(), own.confirmed(), own.clock(), own.dedupeWindow(), horizon);
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public QueueOptions options() {
    return inner.options();
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return inner.trySend(message, delay, deadline);
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return inner.sendAll(messages, deadline);
  }

  @Override
  public DeadLetters deadLetters() {
    return inner.deadLetters();
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    return inner.depth(deadline);
  }

  /** Lets this member go; the queue serves the others, and the bridge. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  private synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "subscription " + subscription.name() + ": closed (expected: open)");
    }
  }

  private final class Member implements Delivery {
    private final Delivery delivery;

    Member(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public Message message() {
      return delivery.message();
    }

    @Override
    public int attempt() {
      return delivery.attempt();
    }

    @Override
    public Optional<Duration> timeToLive() {
      return delivery.timeToLive();
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
      showLife();
      return delivery.settle(outcome, deadline);
    }

    @Override
    public Settlement release(Deadline deadline) throws InterruptedException {
      return delivery.release(deadline);
    }

    @Override
    public Settlement renew(Deadline deadline) throws InterruptedException {
      showLife();
      return delivery.renew(deadline);
    }
  }
}
