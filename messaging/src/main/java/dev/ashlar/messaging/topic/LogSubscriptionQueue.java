package dev.ashlar.messaging.topic;

import dev.ashlar.core.Advice;
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
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The messages of a subscription to a log as one of its members sees them: as a queue. */
final class LogSubscriptionQueue implements MessageQueue {

  private static final int PAYLOAD_MAX = 64 << 20;

  private final LogTopic.Parts parts;
  private final Subscription subscription;
  private final LogFetching fetching;
  private final LogDeadLetters deadLetters;
  private final TimeSource time;
  private long renewedAtNanos;
  private boolean closed;

  LogSubscriptionQueue(LogTopic.Parts parts, Subscription subscription, GroupMember member) {
    this.parts = parts;
    this.subscription = subscription;
    this.fetching = new LogFetching(parts, subscription, member);
    this.deadLetters = new LogDeadLetters(this, fetching, parts.options().time());
    this.time = parts.options().time();
    this.renewedAtNanos = time.nanos();
  }

  @Override
  public String name() {
    return subscription.queueName(parts.log().name());
  }

  @Override
  public Guarantees guarantees() {
    return new Guarantees(
        EnumSet.of(
            Guarantees.Promise.KEY_ORDER,
            Guarantees.Promise.KEY_ORDER_UNDER_RETRY,
            Guarantees.Promise.LEASE),
        parts.log().guarantees().confirmed(),
        Guarantees.ExpiryClock.ELAPSED,
        Duration.ZERO,
        parts.log().guarantees().horizon());
  }

  /** The biggest payload is the log's, which refuses what is bigger when it is published. */
  @Override
  public QueueOptions options() {
    Duration horizon = parts.log().guarantees().horizon();
    return QueueOptions.capacity(parts.options().window())
        .withVisibility(parts.options().visibility())
        .withAttemptsMax(parts.options().attemptsMax())
        .withLifetime(horizon.compareTo(Deadline.LONGEST) < 0 ? horizon : Deadline.LONGEST)
        .withPayloadMaxBytes(PAYLOAD_MAX);
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline) {
    return new SendResult.Refused(
        new Advice.Permanent(),
        "subscription " + subscription.name() + ": of a log (expected: publishing to the topic)");
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline) {
    return messages.stream().map(each -> trySend(each, Duration.ZERO, deadline)).toList();
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    if (most < 1 || most > BATCH_MAX) {
      throw new IllegalArgumentException("most: " + most + " (expected: 1 to " + BATCH_MAX + ")");
    }
    Duration look = parts.registry().term().dividedBy(3);
    while (true) {
      checkOpen();
      showLife();
      fetching.round(deadline.shortenedTo(look));
      List<LogItem> taken = fetching.locked(window -> window.take(most, time.nanos()));
      if (!taken.isEmpty()) {
        List<Delivery> deliveries = handedOut(taken);
        if (!deliveries.isEmpty()) {
          return deliveries;
        }
      } else if (deadline.hasExpired()) {
        return List.of();
      }
    }
  }

  /** Only what a subscription has that is there still, now that it is read, is handed out. */
  private List<Delivery> handedOut(List<LogItem> taken) throws InterruptedException {
    boolean there = false;
    try {
      there = fetching.isThere();
    } finally {
      if (!there) {
        taken.forEach(item -> fetching.locked(window -> release(window, item)));
      }
    }
    if (!there) {
      throw fetching.ended();
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (LogItem item : taken) {
      Optional<Duration> left = timeToLive(item);
      if (left.isPresent() && left.get().isZero()) {
        parts.options().observer().count("topic.expired", 1);
        fetching.locked(window -> setAside(item, "expired"));
      } else {
        deliveries.add(new LogDelivery(item, left));
      }
    }
    return deliveries;
  }

  private boolean release(LogWindow window, LogItem item) {
    window.release(item, time.nanos());
    return true;
  }

  private boolean setAside(LogItem item, String why) {
    item.fail(why, time.wallTime());
    item.state = LogItem.State.DEAD;
    return true;
  }

  /** Since it was published, by the wall clock of the log. */
  private Optional<Duration> timeToLive(LogItem item) {
    Duration age = Duration.between(item.entry.appendedAt(), time.wallTime());
    return item.entry
        .message()
        .timeToLive()
        .map(whole -> age.isNegative() ? whole : whole.minus(age))
        .map(left -> left.isNegative() ? Duration.ZERO : left);
  }

  /** Shows the log that a member is there, and the registry that somebody uses the subscription. */
  private void showLife() throws InterruptedException {
    if (isTimeToRenew() && !fetching.renew()) {
      throw fetching.ended();
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

  private synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "subscription " + subscription.name() + ": closed (expected: open)");
    }
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    long lag =
        parts.log().lag(name(), deadline).stream()
            .mapToLong(each -> each.records().orElse(0))
            .sum();
    return fetching.locked(
        window -> {
          long inFlight = window.count(LogItem.State.IN_FLIGHT);
          long dead = window.count(LogItem.State.DEAD);
          long ended = window.count(LogItem.State.ENDED);
          return new Depth(Math.max(0, lag - inFlight - dead - ended), inFlight, dead);
        });
  }

  /** Ends an item, and has the log know up to where all is handled. */
  Settlement end(LogItem item, Deadline deadline) throws InterruptedException {
    return commit(item, fetching.locked(window -> window.end(item)), deadline);
  }

  private Settlement commit(LogItem item, Optional<Position> position, Deadline deadline)
      throws InterruptedException {
    if (position.isEmpty()) {
      return Settlement.APPLIED;
    }
    CommitResult result = fetching.commit(item.owned, position.get(), deadline);
    return result instanceof CommitResult.Committed ? Settlement.APPLIED : Settlement.STALE;
  }

  /** Leaves the group, for other members to go on with what is not committed. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    fetching.leave();
  }

  /** One handing out of one record. */
  private final class LogDelivery implements Delivery {
    private final LogItem item;
    private final int number;
    private final int attempt;
    private final Optional<Duration> timeToLive;

    LogDelivery(LogItem item, Optional<Duration> timeToLive) {
      this.item = item;
      this.number = item.deliveries;
      this.attempt = item.attempt;
      this.timeToLive = timeToLive;
    }

    @Override
    public Message message() {
      return item.entry.message();
    }

    @Override
    public int attempt() {
      return attempt;
    }

    @Override
    public Optional<Duration> timeToLive() {
      return timeToLive;
    }

    private boolean isOwned(LogWindow window) {
      return window.isOwned(item, number, time.nanos());
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
      live();
      if (outcome instanceof Outcome.Done) {
        Optional<Optional<Position>> ended =
            fetching.locked(
                window -> isOwned(window) ? Optional.of(window.end(item)) : Optional.empty());
        return ended.isPresent() ? commit(item, ended.get(), deadline) : Settlement.STALE;
      }
      return fetching.locked(window -> isOwned(window) && failed(window, outcome))
          ? Settlement.APPLIED
          : Settlement.STALE;
    }

    private boolean failed(LogWindow window, Outcome outcome) {
      if (outcome instanceof Outcome.Retry retry) {
        item.fail(retry.cause(), time.wallTime());
        window.retry(item, time.nanos() + retry.delay().toNanos());
      } else if (outcome instanceof Outcome.DeadLetter letter) {
        setAside(item, letter.reason());
      }
      return true;
    }

    @Override
    public Settlement release(Deadline deadline) {
      return fetching.locked(
              window -> isOwned(window) && LogSubscriptionQueue.this.release(window, item))
          ? Settlement.APPLIED
          : Settlement.STALE;
    }

    @Override
    public Settlement renew(Deadline deadline) throws InterruptedException {
      live();
      return fetching.locked(window -> isOwned(window) && renewed(window))
          ? Settlement.APPLIED
          : Settlement.STALE;
    }

    private boolean renewed(LogWindow window) {
      window.renew(item, time.nanos());
      return true;
    }

    private void live() throws InterruptedException {
      if (isTimeToRenew()) {
        fetching.renew();
      }
      fetching.showLife();
    }
  }
}
