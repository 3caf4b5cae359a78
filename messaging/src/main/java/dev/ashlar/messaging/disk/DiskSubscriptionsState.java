package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which subscriptions there are, and when each last showed life; told the time and the changes.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class DiskSubscriptionsState {

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Numbers that were given, also those whose subscription never came to be. */
  private long numbers;

  private static final class Entry {
    private Subscription subscription;
    private long renewedAtNanos;

    Entry(Subscription subscription, long nowNanos) {
      this.subscription = subscription;
      this.renewedAtNanos = nowNanos;
    }
  }

  long numbers() {
    return numbers;
  }

  /** Makes a change that is in the journal. */
  void apply(DiskSubscriptionsRecord record, long nowNanos) {
    numbers = Math.max(numbers, record.numbers());
    if (record.what() == DiskSubscriptionsRecord.What.ALL) {
      entries.keySet().retainAll(record.subscriptions().stream().map(Subscription::name).toList());
    }
    for (Subscription each : record.subscriptions()) {
      if (record.what() == DiskSubscriptionsRecord.What.REMOVED) {
        if (has(each)) {
          entries.remove(each.name());
        }
      } else {
        put(each, nowNanos);
      }
    }
  }

  private void put(Subscription changed, long nowNanos) {
    Entry there = entries.get(changed.name());
    if (there == null || there.subscription.number() != changed.number()) {
      entries.put(changed.name(), new Entry(changed, nowNanos));
    } else {
      there.subscription = changed;
    }
  }

  /** Returns a subscription that is there already; being asked for is a sign of life. */
  Optional<Subscription> joined(String name, long nowNanos) {
    Optional<Entry> there = Optional.ofNullable(entries.get(name));
    there.ifPresent(entry -> entry.renewedAtNanos = nowNanos);
    return there.map(entry -> entry.subscription);
  }

  /** Returns a subscription that is to be added, under a number that nobody else gets. */
  Subscription next(String name, SubscriptionOptions options) {
    if (entries.size() >= MemorySubscriptions.SUBSCRIPTIONS_MAX) {
      throw new IllegalStateException(
          "subscriptions: full (expected: at most " + MemorySubscriptions.SUBSCRIPTIONS_MAX + ")");
    }
    return new Subscription(name, ++numbers, options, Subscription.State.ATTACHED);
  }

  /** Notes a sign of life; returns whether that very subscription is there, and attached. */
  boolean renewed(Subscription subscription, long nowNanos) {
    if (!has(subscription)) {
      return false;
    }
    joined(subscription.name(), nowNanos);
    return isAttached(subscription);
  }

  boolean has(Subscription subscription) {
    Entry there = entries.get(subscription.name());
    return there != null && there.subscription.number() == subscription.number();
  }

  boolean isAttached(Subscription subscription) {
    Entry there = entries.get(subscription.name());
    return there != null
        && there.subscription.number() == subscription.number()
        && there.subscription.state() == Subscription.State.ATTACHED;
  }

  List<Subscription> all() {
    return entries.values().stream().map(entry -> entry.subscription).toList();
  }

  /** Returns the transient subscriptions whose term is over. */
  List<Subscription> over(long nowNanos, Duration term) {
    List<Subscription> over = new ArrayList<>();
    for (Entry each : entries.values()) {
      if (each.subscription.options().life() == SubscriptionOptions.Life.TRANSIENT
          && nowNanos - each.renewedAtNanos >= term.toNanos()) {
        over.add(each.subscription);
      }
    }
    return over;
  }
}
