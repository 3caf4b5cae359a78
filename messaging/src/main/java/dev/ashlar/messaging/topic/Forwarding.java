package dev.ashlar.messaging.topic;

import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/*
 * The bridge as a state machine that is told the time and the answers; no thread, no queue, no clock.
 *
 *                  take                every subscription has it,
 *   source queue -------> WINDOW       dropped it, or is gone
 *                         ticket 7 ------------------------------> COMPLETE --settled--> (forgotten)
 *                         waits for: b
 *
 *   lane of a:  (empty)                 a confirmed 7 and 8
 *   lane of b:  7, 8                    b is full: again at ..., failing since ...
 *
 * A ticket stands for one delivery of the source. Each subscription has a lane of the tickets that it
 * has yet to confirm, in the order of the source; what is behind a ticket that is not taken waits
 * too. A ticket completes when no lane has it, and only then may the source be settled. The window
 * bounds the tickets, and with them every lane.
 */

/** Decides what is sent where, and when a message of the source is settled. */
final class Forwarding {

  private final int window;
  private final Duration retryFirst;
  private final Duration retryMax;
  private final Map<Long, Set<Long>> waitsFor = new LinkedHashMap<>();
  private final Map<Long, Lane> lanes = new LinkedHashMap<>();

  Forwarding(int window, Duration retryFirst, Duration retryMax) {
    this.window = window;
    this.retryFirst = retryFirst;
    this.retryMax = retryMax;
  }

  /** Returns how many messages may be taken. */
  int room() {
    return window - waitsFor.size();
  }

  /** Returns whether nothing is on its way. */
  boolean isEmpty() {
    return waitsFor.isEmpty();
  }

  /**
   * Takes a message of the source that is to come to these subscriptions.
   *
   * @return for how many of them it is dropped, because their queues have stayed full and are not
   *     to be tried again yet: waiting for the next try would delay the others
   */
  int take(long ticket, Collection<Subscription> subscriptions, long nowNanos) {
    Set<Long> numbers = new HashSet<>();
    int dropped = 0;
    for (Subscription each : subscriptions) {
      Lane lane = lanes.computeIfAbsent(each.number(), number -> new Lane(each));
      if (lane.dropping && !lane.mayTry(nowNanos)) {
        dropped++;
      } else {
        numbers.add(each.number());
        lane.waiting.addLast(ticket);
      }
    }
    waitsFor.put(ticket, numbers);
    return dropped;
  }

  /** Forgets the subscriptions that are not among these: nothing waits for them any more. */
  void keepOnly(Collection<Subscription> there) {
    Set<Long> numbers = new HashSet<>();
    there.forEach(each -> numbers.add(each.number()));
    lanes.keySet().retainAll(numbers);
    waitsFor.values().forEach(each -> each.retainAll(numbers));
  }

  /** Forgets one subscription: nothing waits for it any more. */
  void leave(Subscription gone) {
    lanes.remove(gone.number());
    waitsFor.values().forEach(each -> each.remove(gone.number()));
  }

  /** Returns what to send now, for each subscription in order. */
  List<Parcel> due(long nowNanos) {
    List<Parcel> parcels = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      if (!lane.waiting.isEmpty() && lane.mayTry(nowNanos)) {
        parcels.add(new Parcel(lane.to, List.copyOf(lane.waiting)));
      }
    }
    return parcels;
  }

  /** Returns how long until a subscription is to be tried again, if one waits for that. */
  OptionalLong nanosUntilDue(long nowNanos) {
    return lanes.values().stream()
        .filter(lane -> !lane.waiting.isEmpty())
        .mapToLong(lane -> lane.failing ? Math.max(0, lane.againAtNanos - nowNanos) : 0)
        .min();
  }

  /**
   * Notes the answers of a subscription's queue to a parcel, in its order.
   *
   * @return what else is to be done
   */
  Verdict answered(Parcel parcel, List<SendResult> results, long nowNanos) {
    Lane lane = lanes.get(parcel.to().number());
    if (lane == null) {
      return new Verdict(0, 0, false);
    }
    List<Long> refused = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      long ticket = parcel.tickets().get(i);
      if (results.get(i) instanceof SendResult.Accepted) {
        confirm(lane, ticket);
      } else {
        refused.add(ticket);
      }
    }
    int confirmed = results.size() - refused.size();
    if (confirmed > 0 || refused.isEmpty()) {
      lane.failing = false;
      lane.dropping = false;
    }
    return refused.isEmpty()
        ? new Verdict(confirmed, 0, false)
        : afterRefusal(lane, refused, confirmed, nowNanos);
  }

  /** A queue that took something has room now and then: its patience begins anew. */
  private Verdict afterRefusal(Lane lane, List<Long> refused, int confirmed, long nowNanos) {
    if (!lane.failing) {
      lane.failing = true;
      lane.failingSinceNanos = nowNanos;
      lane.pauseNanos = retryFirst.toNanos();
    } else {
      lane.pauseNanos = Math.min(lane.pauseNanos * 2, retryMax.toNanos());
    }
    lane.againAtNanos = nowNanos + lane.pauseNanos;
    SubscriptionOptions options = lane.to.options();
    boolean staysFull = nowNanos - lane.failingSinceNanos >= options.patience().toNanos();
    if (!staysFull || options.whenFull() == SubscriptionOptions.WhenFull.BLOCK) {
      return new Verdict(confirmed, 0, false);
    }
    if (options.whenFull() == SubscriptionOptions.WhenFull.DETACH) {
      return new Verdict(confirmed, 0, true);
    }
    lane.dropping = true;
    refused.forEach(ticket -> confirm(lane, ticket));
    return new Verdict(confirmed, refused.size(), false);
  }

  private void confirm(Lane lane, long ticket) {
    lane.waiting.remove(ticket);
    Set<Long> rest = waitsFor.get(ticket);
    if (rest != null) {
      rest.remove(lane.to.number());
    }
  }

  /** Returns the tickets that wait for nobody any more, in the order of the source. */
  List<Long> complete() {
    return waitsFor.entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Forgets a ticket: its message is settled, or has gone to somebody else. */
  void forget(long ticket) {
    waitsFor.remove(ticket);
    lanes.values().forEach(lane -> lane.waiting.remove(ticket));
  }

  /** Returns the tickets on their way, in the order of the source. */
  Set<Long> tickets() {
    return new LinkedHashSet<>(waitsFor.keySet());
  }

  /**
   * What is to be sent to one subscription.
   *
   * @param tickets in order
   */
  record Parcel(Subscription to, List<Long> tickets) {}

  /**
   * What follows from the answers to a parcel.
   *
   * @param confirmed how many messages the queue took
   * @param dropped how many are dropped
   * @param detach whether the subscription is to be detached
   */
  record Verdict(int confirmed, int dropped, boolean detach) {}

  private static final class Lane {
    private final Subscription to;
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private boolean failing;
    private boolean dropping;
    private long failingSinceNanos;
    private long againAtNanos;
    private long pauseNanos;

    Lane(Subscription to) {
      this.to = to;
    }

    boolean mayTry(long nowNanos) {
      return !failing || nowNanos - againAtNanos >= 0;
    }
  }
}
