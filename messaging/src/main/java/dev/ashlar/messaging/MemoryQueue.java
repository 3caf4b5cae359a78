package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.ExpiryClock;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Guarantees.Survival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A queue in the memory of one process: the executable specification of {@link MessageQueue}, and
 * an engine for tests and for work that may be lost.
 *
 * <p><b>Guarantees.</b> The contract, and all of {@link Guarantees.Promise} but connection loss;
 * key parking if its options ask for it. Time is the elapsed clock: a jump of the wall clock moves
 * nothing.
 *
 * <p><b>Not guaranteed.</b> Anything beyond the process: a message that was accepted dies with it.
 *
 * <p><b>Failures.</b> {@link IllegalStateException} once it is closed.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link QueueOptions}. Listing and redriving dead letters looks at each of them.
 *
 * <pre>{@code
 * MessageQueue queue =
 *     MemoryQueue.of("orders", QueueOptions.capacity(10_000), TimeSource.system(), Observer.none());
 * }</pre>
 */
public final class MemoryQueue implements MessageQueue {

  private final String name;
  private final QueueOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final MemoryStore store;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;

  private MemoryQueue(String name, QueueOptions options, TimeSource time, Observer observer) {
    this.name = name;
    this.options = requireNonNull(options, "options");
    this.time = requireNonNull(time, "time");
    this.observer = requireNonNull(observer, "observer");
    this.store = new MemoryStore(name, options, observer);
  }

  /**
   * Returns an empty queue.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param options its bounds
   * @param time its clocks
   * @param observer is told {@code queue.lapsed}, {@code queue.expired}, {@code queue.dead}, {@code
   *     queue.full}, {@code queue.park.full}, {@code queue.stale}, each message handed over, and
   *     the steps {@code queue.deadletter.written} and {@code queue.deadletter.removed}
   */
  public static MemoryQueue of(
      String name, QueueOptions options, TimeSource time, Observer observer) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    return new MemoryQueue(name, options, time, observer);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public QueueOptions options() {
    return options;
  }

  @Override
  public Guarantees guarantees() {
    EnumSet<Promise> promises = EnumSet.complementOf(EnumSet.of(Promise.CONNECTION_LOSS));
    if (options.deadKey() instanceof DeadKey.Skip) {
      promises.remove(Promise.KEY_PARKING);
    }
    return new Guarantees(
        promises,
        Survival.PROCESS_LIFETIME,
        ExpiryClock.ELAPSED,
        Duration.ZERO,
        options.lifetime());
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    if (delay.isNegative() || delay.compareTo(Deadline.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay: " + delay + " (expected: 0 to " + Deadline.LONGEST + ")");
    }
    return message.handOver(name, observer, sent -> accept(sent, delay, deadline));
  }

  private SendResult accept(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    Optional<SendResult> refusal = tooBig(message);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    lock.lockInterruptibly();
    try {
      if (store.isParkFull(message)) {
        return parkFull();
      }
      return awaitRoom(deadline) ? store(message, delay) : full();
    } finally {
      lock.unlock();
    }
  }

  private Optional<SendResult> tooBig(Message message) {
    int size = message.payload().size();
    if (size <= options.payloadMaxBytes()) {
      return Optional.empty();
    }
    return Optional.of(
        new SendResult.Refused(
            new Advice.Permanent(),
            "payload: " + size + " bytes (expected: at most " + options.payloadMaxBytes() + ")"));
  }

  private SendResult store(Message message, Duration delay) {
    store.add(message, delay, now());
    changed.signalAll();
    return new SendResult.Accepted();
  }

  /** Refused at once: only a person ends it, and nobody waits that long in a call. */
  private SendResult parkFull() {
    observer.count("queue.park.full", 1);
    return new SendResult.Refused(
        new Advice.Overloaded(Duration.ZERO),
        "queue " + name + ": key is dead (expected: fewer parked, see " + options.deadKey() + ")");
  }

  private SendResult full() {
    observer.count("queue.full", 1);
    return new SendResult.Refused(
        new Advice.Overloaded(Duration.ZERO),
        "queue " + name + ": full (capacity: " + options.capacity() + ")");
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    checkBatch("messages", messages.size());
    List<SendResult> results = new ArrayList<>(messages.size());
    Set<String> brokenKeys = new HashSet<>();
    for (Message message : messages) {
      boolean behind = message.key().filter(brokenKeys::contains).isPresent();
      SendResult result = behind ? behindRefused() : trySend(message, Duration.ZERO, deadline);
      if (!(result instanceof SendResult.Accepted)) {
        message.key().ifPresent(brokenKeys::add);
      }
      results.add(result);
    }
    return results;
  }

  private static SendResult behindRefused() {
    return new SendResult.Refused(
        new Advice.Transient(), "key: an earlier message of the same key was not accepted");
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    checkBatch("most", most);
    lock.lockInterruptibly();
    try {
      while (true) {
        checkOpen();
        List<MemoryStore.Claim> claims = store.claim(most, now());
        if (!claims.isEmpty()) {
          return claims.stream().<Delivery>map(MemoryDelivery::new).toList();
        }
        if (deadline.hasExpired()) {
          return List.of();
        }
        awaitNextDue(deadline);
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitNextDue(Deadline deadline) throws InterruptedException {
    OptionalLong due = store.nextDueNanos();
    Deadline until =
        due.isEmpty()
            ? deadline
            : deadline.shortenedTo(Duration.ofNanos(due.getAsLong() - time.nanos()));
    time.await(changed, until);
  }

  private boolean awaitRoom(Deadline deadline) throws InterruptedException {
    checkOpen();
    while (!store.hasRoom()) {
      if (deadline.hasExpired()) {
        return false;
      }
      time.await(changed, deadline);
      checkOpen();
    }
    return true;
  }

  @Override
  public DeadLetters deadLetters() {
    return new MemoryDeadLetters();
  }

  @Override
  public Depth depth(Deadline deadline) {
    return locked(() -> store.depth(now()));
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

  private MemoryStore.Moment now() {
    return new MemoryStore.Moment(time.nanos(), time.wallTime());
  }

  private Settlement noted(Settlement settlement) {
    if (settlement == Settlement.STALE) {
      observer.count("queue.stale", 1);
    }
    return settlement;
  }

  private final class MemoryDelivery implements Delivery {
    private final MemoryStore.Claim claim;

    MemoryDelivery(MemoryStore.Claim claim) {
      this.claim = claim;
    }

    @Override
    public Message message() {
      return claim.live().message;
    }

    @Override
    public int attempt() {
      return claim.attempt();
    }

    @Override
    public Optional<Duration> timeToLive() {
      return claim.timeToLive();
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) {
      return noted(locked(() -> store.settle(claim, outcome, now())));
    }

    @Override
    public Settlement release(Deadline deadline) {
      return noted(locked(() -> store.release(claim, now())));
    }

    @Override
    public Settlement renew(Deadline deadline) {
      return noted(locked(() -> store.renew(claim, now())));
    }

    @Override
    public String toString() {
      return "Delivery[" + message().id() + ", attempt " + attempt() + "]";
    }
  }

  private final class MemoryDeadLetters implements DeadLetters {

    @Override
    public List<Entry> list(int most, Deadline deadline) {
      checkBatch("most", most);
      return locked(() -> store.dead(most));
    }

    @Override
    public Redrive redrive(MessageId id, Deadline deadline) {
      return locked(() -> store.redrive(id, now()));
    }

    @Override
    public boolean discard(MessageId id, Deadline deadline) {
      return locked(() -> store.discard(id, now()));
    }
  }
}
