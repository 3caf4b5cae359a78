package dev.ashlar.messaging.topic;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/*
 * One round:
 *
 *   receive as many as the window has room for     bridge.received
 *   list the subscriptions                         bridge.listed
 *   per subscription: send what it has yet to get  bridge.forwarded
 *   settle what all of them have                   bridge.settling, bridge.settled
 *   renew what waits
 *
 * The list is read after the messages were received, and so after they were published: whoever had
 * subscribed before that is in it, and whoever had unsubscribed before that is not. Nothing of an
 * earlier list is kept.
 *
 * Dying anywhere leaves the messages unsettled: they come again when their visibility ends, to this
 * bridge or another one, and go to every subscription again with the same ids. The source delivers no
 * later message of a key before that, which is what keeps the order in each subscriber's queue.
 */

/** What a {@link Bridge} does again and again; used by its one thread. */
final class BridgeRound {

  private static final Duration IDLE = Duration.ofMillis(500);

  private final QueueTopic.Parts parts;
  private final TimeSource time;
  private final Observer observer;
  private final Duration visibility;
  private final Forwarding forwarding;
  private final Map<Long, Held> held = new LinkedHashMap<>();
  private final Map<Long, Reached> reached = new HashMap<>();
  private long tickets;

  BridgeRound(QueueTopic.Parts parts) {
    this.parts = parts;
    this.time = parts.options().time();
    this.observer = parts.options().observer();
    this.visibility = parts.source().options().visibility();
    this.forwarding =
        new Forwarding(
            parts.options().window(), parts.options().retryFirst(), parts.options().retryMax());
  }

  /**
   * Goes round once.
   *
   * @param stops asked between two exchanges: whether to leave the rest to the next round
   */
  void run(BooleanSupplier stops) throws InterruptedException {
    long askedNanos = time.nanos();
    List<Delivery> arrived = receive();
    if (!arrived.isEmpty()) {
      observer.step("bridge.received");
    }
    if (!arrived.isEmpty() || !forwarding.isEmpty()) {
      take(arrived, askedNanos);
    }
    for (Forwarding.Parcel parcel : forwarding.due(time.nanos())) {
      if (stops.getAsBoolean()) {
        return;
      }
      forward(parcel);
      // Many queues that do not answer take longer together than a message may be held unrenewed.
      renew();
    }
    settle(forwarding.complete());
    renew();
  }

  /** Waits for messages, but no longer than until something else is to be done. */
  private List<Delivery> receive() throws InterruptedException {
    Duration wait = shorter(IDLE, visibility.dividedBy(4));
    long untilDue = forwarding.nanosUntilDue(time.nanos()).orElse(wait.toNanos());
    wait = shorter(wait, Duration.ofNanos(untilDue));
    if (forwarding.room() > 0) {
      return parts.source().receive(forwarding.room(), Deadline.after(wait, time));
    }
    time.sleep(wait);
    return List.of();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void take(List<Delivery> arrived, long askedNanos) throws InterruptedException {
    List<Subscription> all;
    try {
      all = parts.registry().all(exchange());
    } catch (BackendException e) {
      release(arrived);
      throw e;
    }
    observer.step("bridge.listed");
    List<Subscription> attached =
        all.stream().filter(each -> each.state() == Subscription.State.ATTACHED).toList();
    forwarding.keepOnly(attached);
    leave(all);
    for (Delivery delivery : arrived) {
      long ticket = ++tickets;
      held.put(ticket, new Held(delivery, askedNanos));
      count("topic.dropped", forwarding.take(ticket, attached, time.nanos()));
    }
  }

  /** Lets go of the queues of subscriptions that have ended. */
  private void leave(List<Subscription> there) throws InterruptedException {
    Set<Long> ended = new HashSet<>(reached.keySet());
    there.forEach(each -> ended.remove(each.number()));
    for (long number : ended) {
      Reached gone = reached.get(number);
      reached.remove(number);
      if (gone != null) {
        drop(gone);
      }
    }
  }

  private void drop(Reached gone) throws InterruptedException {
    try {
      parts.queues().drop(gone.name(), exchange());
    } catch (RuntimeException e) {
      // What is left of a queue that nobody asks for is no reason to keep messages from the others.
      observer.count("topic.drop.failed", 1);
    }
  }

  private void forward(Forwarding.Parcel parcel) throws InterruptedException {
    List<Message> messages = parcel.tickets().stream().map(this::message).toList();
    List<SendResult> results = send(parcel.to(), messages);
    observer.step("bridge.forwarded");
    Forwarding.Verdict verdict = forwarding.answered(parcel, results, time.nanos());
    count("topic.forwarded", verdict.confirmed());
    count("topic.dropped", verdict.dropped());
    if (verdict.detach()) {
      boolean mine = parts.registry().detach(parcel.to(), exchange());
      count("topic.detached", mine ? 1 : 0);
      forwarding.leave(parcel.to());
    }
  }

  /** Time in the source counts against a message's time to live. */
  private Message message(long ticket) {
    Held from = holding(ticket);
    Message message = from.delivery.message();
    return from.delivery
        .timeToLive()
        .map(left -> left.minusNanos(time.nanos() - from.askedNanos))
        .map(left -> message.withTimeToLive(left.toMillis() < 1 ? Duration.ofMillis(1) : left))
        .orElse(message);
  }

  private Held holding(long ticket) {
    return Optional.ofNullable(held.get(ticket)).orElseThrow();
  }

  /** Waiting for a queue delays the others, so a try is short. */
  private List<SendResult> send(Subscription to, List<Message> messages)
      throws InterruptedException {
    try {
      List<SendResult> results =
          queue(to).sendAll(messages, Deadline.after(parts.options().tryMax(), time));
      count("topic.unwelcome", (int) results.stream().filter(BridgeRound::isForGood).count());
      return results;
    } catch (BackendException e) {
      observer.count("topic.queue.failed", 1);
      return unknown(messages, e);
    } catch (RuntimeException e) {
      // Somebody closed the queue, or it cannot be opened, which is no reason to keep messages from
      // the others. It may be opened again.
      reached.remove(to.number());
      observer.count("topic.queue.failed", 1);
      return unknown(
          messages,
          new BackendException("queue: failed", Effect.UNKNOWN, new Advice.Transient(), e));
    }
  }

  private static boolean isForGood(SendResult result) {
    return result instanceof SendResult.Refused refused
        && refused.advice() instanceof Advice.Permanent;
  }

  private static List<SendResult> unknown(List<Message> messages, BackendException cause) {
    return messages.stream().<SendResult>map(each -> new SendResult.Unknown(cause)).toList();
  }

  private MessageQueue queue(Subscription to) throws InterruptedException {
    Reached there = reached.get(to.number());
    if (there == null) {
      String name = to.queueName(parts.source().name());
      there = new Reached(name, parts.queues().open(name));
      reached.put(to.number(), there);
    }
    return there.queue();
  }

  private void settle(List<Long> tickets) throws InterruptedException {
    if (tickets.isEmpty()) {
      return;
    }
    tickets.forEach(ticket -> observer.step("bridge.settling"));
    try {
      List<Delivery> deliveries = tickets.stream().map(each -> holding(each).delivery).toList();
      List<Settlement> settlements =
          parts.source().settleAll(deliveries, Outcome.done(), exchange());
      tickets.forEach(ticket -> observer.step("bridge.settled"));
      count("topic.stale", Collections.frequency(settlements, Settlement.STALE));
      tickets.forEach(this::forget);
    } catch (BackendException e) {
      // It is tried again in the next round.
      observer.count("topic.settle.failed", 1);
    }
  }

  /** A source that does not answer for one is not asked for the others: each may take as long. */
  private void renew() throws InterruptedException {
    for (long ticket : forwarding.tickets()) {
      Held each = holding(ticket);
      long asked = time.nanos();
      boolean due = asked - each.renewedNanos >= visibility.toNanos() / 3;
      if (due && !renew(ticket, each, asked)) {
        return;
      }
    }
  }

  private boolean renew(long ticket, Held each, long askedNanos) throws InterruptedException {
    try {
      if (each.delivery.renew(exchange()) == Settlement.APPLIED) {
        each.renewedNanos = askedNanos;
      } else {
        // Another bridge has it, and forwards it.
        observer.count("topic.stale", 1);
        forget(ticket);
      }
      return true;
    } catch (BackendException e) {
      observer.count("topic.renew.failed", 1);
      return false;
    }
  }

  private void forget(long ticket) {
    held.remove(ticket);
    forwarding.forget(ticket);
  }

  /** Gives back what not all have got: it is forwarded to all again. */
  void end() throws InterruptedException {
    List<Delivery> rest = new ArrayList<>();
    held.values().forEach(each -> rest.add(each.delivery));
    held.clear();
    release(rest);
  }

  private void release(List<Delivery> deliveries) throws InterruptedException {
    for (Delivery each : deliveries) {
      try {
        each.release(exchange());
      } catch (BackendException | IllegalStateException e) {
        // It comes back by itself when its visibility ends.
        observer.count("topic.release.failed", 1);
      }
    }
  }

  private Deadline exchange() {
    return Deadline.after(parts.options().exchangeMax(), time);
  }

  private void count(String event, int n) {
    if (n > 0) {
      observer.count(event, n);
    }
  }

  private record Reached(String name, MessageQueue queue) {}

  private static final class Held {
    private final Delivery delivery;
    private final long askedNanos;
    private long renewedNanos;

    Held(Delivery delivery, long askedNanos) {
      this.delivery = delivery;
      this.askedNanos = askedNanos;
      this.renewedNanos = askedNanos;
    }
  }
}
