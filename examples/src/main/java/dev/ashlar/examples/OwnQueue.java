package dev.ashlar.examples;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.ExpiryClock;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A queue of one's own, over {@code java.util.concurrent}: a list under a lock, for the threads of
 * one process. It stands for the one that you have, and is here to be put under the contract of
 * queues, in ten lines: see {@code OwnQueueTest}.
 *
 * <p>It promises little, and says so in {@link #guarantees()}: the order sent where nothing fails,
 * and that what is not settled in time comes again. Of keys it knows nothing, it delays nothing,
 * and it dies with its process. What it does not promise is not demanded of it.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link QueueOptions}; each call looks at every message that is there.
 */
public final class OwnQueue implements MessageQueue {

  private final String name;
  private final QueueOptions options;
  private final TimeSource time;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Item> live = new LinkedHashSet<>();
  private final Set<Item> dead = new LinkedHashSet<>();
  private boolean closed;

  /** Makes an empty queue. */
  public OwnQueue(String name, QueueOptions options, TimeSource time, Observer observer) {
    if (options.deadKey() instanceof DeadKey.Park) {
      throw new IllegalArgumentException("deadKey: " + options.deadKey() + " (expected: Skip)");
    }
    this.name = name;
    this.options = options;
    this.time = time;
    this.observer = observer;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public QueueOptions options() {
    return options;
  }

  // [readme:own-guarantees]
  @Override
  public Guarantees guarantees() {
    return new Guarantees(
        Set.of(Promise.FIFO, Promise.LEASE),
        Survival.PROCESS_LIFETIME,
        ExpiryClock.ELAPSED,
        Duration.ZERO, // A second sending of one id is a second message.
        options.lifetime());
  }

  // [/readme]

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    if (!delay.isZero()) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: 0)");
    }
    return message.handOver(name, observer, sent -> accept(sent, deadline));
  }

  private SendResult accept(Message message, Deadline deadline) throws InterruptedException {
    int size = message.payload().size();
    if (size > options.payloadMaxBytes()) {
      return refused(new Advice.Permanent(), "payload: " + size + " bytes (expected: fewer)");
    }
    lock.lockInterruptibly();
    try {
      checkOpen();
      while (live.size() + dead.size() >= options.capacity()) {
        if (deadline.hasExpired()) {
          return refused(new Advice.Overloaded(Duration.ZERO), "queue " + name + ": full");
        }
        time.await(changed, deadline);
        checkOpen();
      }
      live.add(new Item(message, time.nanos()));
      changed.signalAll();
      return new SendResult.Accepted();
    } finally {
      lock.unlock();
    }
  }

  private static SendResult refused(Advice advice, String why) {
    return new SendResult.Refused(advice, why);
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    checkBatch("messages", messages.size());
    List<SendResult> results = new ArrayList<>();
    Set<String> brokenKeys = new LinkedHashSet<>();
    for (Message message : messages) {
      boolean behind = message.key().filter(brokenKeys::contains).isPresent();
      SendResult result =
          behind
              ? refused(new Advice.Transient(), "key: an earlier message of it was refused")
              : trySend(message, Duration.ZERO, deadline);
      if (!(result instanceof SendResult.Accepted)) {
        message.key().ifPresent(brokenKeys::add);
      }
      results.add(result);
    }
    return results;
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    checkBatch("most", most);
    lock.lockInterruptibly();
    try {
      while (true) {
        checkOpen();
        List<Delivery> taken = takeDue(most);
        if (!taken.isEmpty() || deadline.hasExpired()) {
          return taken;
        }
        time.await(changed, nextDue(deadline));
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Delivery> takeDue(int most) {
    List<Delivery> taken = new ArrayList<>();
    for (Item item : List.copyOf(live)) {
      if (taken.size() < most && item.dueNanos - time.nanos() <= 0) {
        if (item.held) {
          item.failed("not settled in time", time.wallTime());
          item.held = false;
        }
        if (item.nanosLeft(options, time.nanos()) <= 0) {
          observer.count("queue.expired", 1);
          bury(item, "expired");
        } else if (item.spent >= options.attemptsMax()) {
          bury(item, item.cause);
        } else {
          taken.add(hand(item));
        }
      }
    }
    return taken;
  }

  private Delivery hand(Item item) {
    item.attempts++;
    item.spent++;
    item.epoch++;
    item.held = true;
    item.dueNanos = time.nanos() + options.visibility().toNanos();
    return new Held(item, item.epoch, item.attempts, item.timeToLive(options, time.nanos()));
  }

  private Deadline nextDue(Deadline deadline) {
    Deadline next = deadline;
    for (Item item : live) {
      next = next.shortenedTo(Duration.ofNanos(Math.max(0, item.dueNanos - time.nanos())));
    }
    return next;
  }

  private void bury(Item item, String reason) {
    item.failed(reason, time.wallTime());
    item.epoch++;
    item.held = false;
    live.remove(item);
    dead.add(item);
  }

  private void putBack(Item item, Duration delay) {
    item.epoch++;
    item.held = false;
    item.dueNanos = time.nanos() + delay.toNanos();
  }

  @Override
  public DeadLetters deadLetters() {
    return new Dead();
  }

  @Override
  public Depth depth(Deadline deadline) {
    return locked(
        () -> {
          long now = time.nanos();
          long held = live.stream().filter(item -> item.held && item.dueNanos - now > 0).count();
          return new Depth(live.size() - held, held, dead.size());
        });
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> body) {
    lock.lock();
    try {
      checkOpen();
      T result = body.get();
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("queue " + name + ": closed (expected: open)");
    }
  }

  private static void checkBatch(String what, int size) {
    if (size < 1 || size > BATCH_MAX) {
      throw new IllegalArgumentException(
          what + ": " + size + " (expected: 1 to " + BATCH_MAX + ")");
    }
  }

  /** A message and its history here; the epoch tells its latest delivery from earlier ones. */
  private static final class Item {
    final Message message;
    final long sentNanos;
    long dueNanos;
    long epoch;
    int attempts;
    int spent;
    boolean held;
    String cause = "";
    Optional<Instant> firstFailure = Optional.empty();
    Instant lastFailure = Instant.EPOCH;

    Item(Message message, long sentNanos) {
      this.message = message;
      this.sentNanos = sentNanos;
      this.dueNanos = sentNanos;
    }

    long nanosLeft(QueueOptions options, long nowNanos) {
      Duration asked = message.timeToLive().orElse(options.lifetime());
      return Math.min(asked.toNanos(), options.lifetime().toNanos()) - (nowNanos - sentNanos);
    }

    Optional<Duration> timeToLive(QueueOptions options, long nowNanos) {
      return message.timeToLive().map(asked -> Duration.ofNanos(nanosLeft(options, nowNanos)));
    }

    void failed(String why, Instant when) {
      cause = why;
      lastFailure = when;
      firstFailure = Optional.of(firstFailure.orElse(when));
    }
  }

  private final class Held implements Delivery {
    private final Item item;
    private final long epoch;
    private final int attempt;
    private final Optional<Duration> timeToLive;

    Held(Item item, long epoch, int attempt, Optional<Duration> timeToLive) {
      this.item = item;
      this.epoch = epoch;
      this.attempt = attempt;
      this.timeToLive = timeToLive;
    }

    @Override
    public Message message() {
      return item.message;
    }

    @Override
    public int attempt() {
      return attempt;
    }

    @Override
    public Optional<Duration> timeToLive() {
      return timeToLive;
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) {
      return ifOwned(
          () -> {
            if (outcome instanceof Outcome.DeadLetter letter) {
              bury(item, letter.reason());
            } else if (outcome instanceof Outcome.Retry retry) {
              retry(retry);
            } else {
              live.remove(item);
            }
          });
    }

    private void retry(Outcome.Retry retry) {
      if (item.spent >= options.attemptsMax()) {
        bury(item, retry.cause());
      } else {
        item.failed(retry.cause(), time.wallTime());
        putBack(item, retry.delay());
      }
    }

    @Override
    public Settlement release(Deadline deadline) {
      return ifOwned(
          () -> {
            item.spent--;
            putBack(item, Duration.ZERO);
          });
    }

    @Override
    public Settlement renew(Deadline deadline) {
      return ifOwned(() -> item.dueNanos = time.nanos() + options.visibility().toNanos());
    }

    private Settlement ifOwned(Runnable change) {
      return locked(
          () -> {
            if (item.epoch != epoch || !live.contains(item)) {
              return Settlement.STALE;
            }
            change.run();
            return Settlement.APPLIED;
          });
    }
  }

  private final class Dead implements DeadLetters {

    @Override
    public List<Entry> list(int most, Deadline deadline) {
      checkBatch("most", most);
      return locked(() -> dead.stream().limit(most).map(this::entry).toList());
    }

    private Entry entry(Item item) {
      Instant first = item.firstFailure.orElse(item.lastFailure);
      return new Entry(item.message, item.cause, item.attempts, name, first, item.lastFailure);
    }

    @Override
    public Redrive redrive(MessageId id, Deadline deadline) {
      return locked(
          () -> {
            List<Item> found = found(id);
            long horizon = options.lifetime().toNanos();
            if (found.stream().anyMatch(item -> time.nanos() - item.sentNanos >= horizon)) {
              return Redrive.TOO_OLD;
            }
            for (Item item : found) {
              dead.remove(item);
              item.spent = 0;
              putBack(item, Duration.ZERO);
              live.add(item);
            }
            return found.isEmpty() ? Redrive.ABSENT : Redrive.REDRIVEN;
          });
    }

    @Override
    public boolean discard(MessageId id, Deadline deadline) {
      return locked(() -> dead.removeAll(found(id)));
    }

    private List<Item> found(MessageId id) {
      return dead.stream().filter(item -> item.message.id().equals(id)).toList();
    }
  }
}
