package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The subscriptions of a topic in the memory of one process.
 *
 * <p><b>Guarantees.</b> The contract of {@link SubscriptionRegistry}; terms end by the elapsed
 * clock.
 *
 * <p><b>Not guaranteed.</b> Anything beyond the process, durable subscriptions included.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value #SUBSCRIPTIONS_MAX} subscriptions: every message is copied to each.
 */
public final class MemorySubscriptions implements SubscriptionRegistry {

  /** The most subscriptions. */
  public static final int SUBSCRIPTIONS_MAX = 1000;

  private final TimeSource time;
  private final Duration term;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long numbers;

  private MemorySubscriptions(TimeSource time, Duration term) {
    this.time = requireNonNull(time, "time");
    this.term = term;
  }

  /** Returns a registry without subscriptions, whose transient ones end after 30 s of silence. */
  public static MemorySubscriptions of(TimeSource time) {
    return of(time, Duration.ofSeconds(30));
  }

  /**
   * Returns a registry without subscriptions.
   *
   * @param term after how long a silence a transient subscription has ended
   */
  public static MemorySubscriptions of(TimeSource time, Duration term) {
    if (term.isNegative() || term.isZero() || term.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "term: " + term + " (expected: above 0, to " + Duration.ofDays(1) + ")");
    }
    return new MemorySubscriptions(time, term);
  }

  @Override
  public Duration term() {
    return term;
  }

  @Override
  public Subscription add(String name, SubscriptionOptions options, Deadline deadline) {
    return locked(
        () -> {
          Entry there = entries.get(name);
          if (there != null) {
            there.renewedAtNanos = time.nanos();
            return there.subscription;
          }
          if (entries.size() == SUBSCRIPTIONS_MAX) {
            throw new IllegalStateException(
                "subscriptions: full (expected: at most " + SUBSCRIPTIONS_MAX + ")");
          }
          Subscription added =
              new Subscription(name, ++numbers, options, Subscription.State.ATTACHED);
          entries.put(name, new Entry(added, time.nanos()));
          return added;
        });
  }

  @Override
  public boolean renew(Subscription subscription, Deadline deadline) {
    return locked(
        () -> {
          Optional<Entry> there = entry(subscription);
          there.ifPresent(entry -> entry.renewedAtNanos = time.nanos());
          return there.filter(Entry::isAttached).isPresent();
        });
  }

  @Override
  public boolean detach(Subscription subscription, Deadline deadline) {
    return locked(
        () -> {
          Optional<Entry> there = entry(subscription).filter(Entry::isAttached);
          there.ifPresent(
              entry -> entry.subscription = entry.subscription.in(Subscription.State.DETACHED));
          return there.isPresent();
        });
  }

  @Override
  public boolean remove(Subscription subscription, Deadline deadline) {
    return locked(
        () -> entry(subscription).isPresent() && entries.remove(subscription.name()) != null);
  }

  @Override
  public List<Subscription> all(Deadline deadline) {
    return locked(() -> entries.values().stream().map(entry -> entry.subscription).toList());
  }

  private Optional<Entry> entry(Subscription subscription) {
    return Optional.ofNullable(entries.get(subscription.name()))
        .filter(entry -> entry.subscription.number() == subscription.number());
  }

  private <T> T locked(Supplier<T> body) {
    lock.lock();
    try {
      long now = time.nanos();
      entries.values().removeIf(entry -> entry.isOver(now, term));
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  private static final class Entry {
    private Subscription subscription;
    private long renewedAtNanos;

    Entry(Subscription subscription, long renewedAtNanos) {
      this.subscription = subscription;
      this.renewedAtNanos = renewedAtNanos;
    }

    boolean isAttached() {
      return subscription.state() == Subscription.State.ATTACHED;
    }

    boolean isOver(long nowNanos, Duration term) {
      return subscription.options().life() == SubscriptionOptions.Life.TRANSIENT
          && nowNanos - renewedAtNanos >= term.toNanos();
    }
  }
}
