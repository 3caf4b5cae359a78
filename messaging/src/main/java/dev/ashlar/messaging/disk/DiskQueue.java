package dev.ashlar.messaging.disk;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.ExpiryClock;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.QueueEngine.QueueOpening;
import dev.ashlar.messaging.disk.QueueState.Claim;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * A queue in files of this process: embedded, durable, and bounded in memory whatever its backlog.
 *
 * <p>One open queue owns its folders; producers and consumers are threads of one process. It
 * behaves as {@link dev.ashlar.messaging.MemoryQueue} does, and forgets nothing when the process
 * dies.
 *
 * <p><b>Guarantees.</b> The contract, and all of {@link Guarantees.Promise} but connection loss;
 * key parking if its options ask for it. An accepted message, a settlement that was applied, and
 * what happened to dead letters survive the death of the process at any moment, and that of the
 * machine as {@link Durability} says. What is settled is not delivered again. After opening, what
 * was in flight is due at once. Its next attempt has the next number; but a delivery in the last
 * moments before a crash may not have been counted: its number comes again then, and never a lower
 * one. That happens to a message at most once in a row, so one that kills its process still runs
 * out of attempts. What is damaged is never delivered.
 *
 * <p><b>Not guaranteed.</b> That visibility outlives the process: nobody holds anything after it.
 * That time stands still while no process has the queue open: delays, lifetimes and times to live
 * go on by the wall clock then; while one has, only the elapsed clock counts.
 *
 * <p><b>Failures.</b> {@link DiskException} on opening and receiving, with file and offset where
 * something is damaged; a damaged part of the backlog stops delivery there until a mirror or a copy
 * has healed it. {@link BackendException} with permanent advice on opening the folder of another
 * engine, which is left as it is. When the disk is full, sends and settlements are refused without
 * effect, and go on once there is room. {@link IllegalStateException} once it is closed.
 *
 * <p><b>Threads.</b> Safe. Two threads of its own, one of them the journal's.
 *
 * <p><b>Limits.</b> {@link QueueOptions}; a payload must fit into a record of {@link DiskOptions}.
 * In memory are at most {@value #HELD_MAX} messages without their payloads, about 200 bytes each:
 * those delivered, delayed, waiting for a retry or behind their key, parked, dead, or read ahead.
 * When as many are, nothing more of the backlog is delivered until one of them is gone; sends go on
 * up to the capacity. At most 8 MiB of payloads wait there besides. A file goes when all in it is
 * settled, with the next 100,000 settlements or as soon as the queue rests; the one that is written
 * to and one spare stay, each of the size of a segment.
 *
 * <pre>{@code
 * MessageQueue queue =
 *     DiskQueue.open(
 *         "orders",
 *         QueueOptions.capacity(10_000_000),
 *         DiskOptions.folder(folder),
 *         TimeSource.system(),
 *         Observer.none());
 * }</pre>
 */
public final class DiskQueue implements MessageQueue {

  /** The most messages in hand: delivered, delayed, retried, behind their key, parked or dead. */
  public static final int HELD_MAX = 200_000;

  /** What the record of a whole batch of deliveries takes, rounded up. */
  private static final int RECORD_LEAST_BYTES = 16 << 10;

  private final QueueEngine engine;
  private final QueueReading reading;
  private final QueueSending sending;
  private final QueueSettling settling;
  private final QueueReceiving receiving;
  private final QueueUpkeep upkeep;
  private final QueueDead dead;

  private DiskQueue(QueueOpening opening, QueueReplay found) {
    this.engine = new QueueEngine(opening, found);
    this.reading = new QueueReading(engine, found);
    this.sending = new QueueSending(engine, reading);
    this.settling = new QueueSettling(engine, reading);
    this.receiving = new QueueReceiving(engine, reading, settling, found);
    this.upkeep = new QueueUpkeep(engine, reading, sending);
    this.dead = new QueueDead(engine, reading);
  }

  /**
   * Opens the queue in these folders, and makes it if there is none.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param options its bounds; they may differ from one opening to the next
   * @param disk its folders, used by nothing else
   * @param time its clocks
   * @param observer is told what the queue in memory tells, {@code queue.moved} for messages
   *     written again so that an old file can go, {@code queue.uncounted}, {@code
   *     queue.upkeep.failed}, the steps {@code queue.checkpoint.begun} and {@code
   *     queue.checkpoint.written}, and what the journal tells
   * @throws DiskException if the folders cannot be used, another queue has them, or what they hold
   *     is damaged
   * @throws BackendException {@link Advice.Permanent}, if they hold another engine's records
   */
  public static DiskQueue open(
      String name, QueueOptions options, DiskOptions disk, TimeSource time, Observer observer) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(options, "options");
    requireNonNull(observer, "observer");
    return open(new QueueOpening(name, options, QueueBounds.of(disk), time, observer));
  }

  static DiskQueue open(QueueOpening opening) {
    DiskOptions disk = opening.bounds().disk();
    int most = disk.recordMaxBytes() - QueueRecord.EXTRA_MAX_BYTES - 1024;
    if (opening.options().payloadMaxBytes() > most) {
      throw new IllegalArgumentException(
          "payloadMaxBytes: "
              + opening.options().payloadMaxBytes()
              + " (expected: at most "
              + most
              + ", which fits into a record of the disk options)");
    }
    if (disk.recordMaxBytes() < RECORD_LEAST_BYTES) {
      throw new IllegalArgumentException(
          "recordMaxBytes: "
              + disk.recordMaxBytes()
              + " (expected: at least "
              + RECORD_LEAST_BYTES
              + ")");
    }
    return on(Journal.open(disk, opening.time(), opening.observer()), opening);
  }

  /** Opens the queue in a journal, which is closed if that fails. */
  static DiskQueue on(Journal journal, QueueOpening opening) {
    boolean opened = false;
    try {
      DiskQueue queue = new DiskQueue(opening, QueueReplay.of(journal, opening));
      queue.upkeep.start();
      opened = true;
      return queue;
    } catch (MalformedDataException e) {
      throw new BackendException(
          "queue "
              + opening.name()
              + ": "
              + opening.bounds().disk().folders()
              + " holds something else, or a queue of a later version (expected: a queue)",
          Effect.NONE,
          new Advice.Permanent(),
          e);
    } finally {
      if (!opened) {
        journal.close();
      }
    }
  }

  @Override
  public String name() {
    return engine.name;
  }

  @Override
  public QueueOptions options() {
    return engine.options;
  }

  @Override
  public Guarantees guarantees() {
    EnumSet<Promise> promises = EnumSet.complementOf(EnumSet.of(Promise.CONNECTION_LOSS));
    if (engine.options.deadKey() instanceof DeadKey.Skip) {
      promises.remove(Promise.KEY_PARKING);
    }
    return new Guarantees(
        promises,
        DiskSurvival.of(engine.bounds.disk()),
        ExpiryClock.ELAPSED,
        Duration.ZERO,
        engine.options.lifetime());
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    checkDelay(delay);
    return message.handOver(
        engine.name,
        engine.observer,
        sent -> sending.submit(sent, delay, deadline).await(deadline));
  }

  @Override
  public SendResult.Ticket submit(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    checkDelay(delay);
    return message.handOver(
        engine.name, engine.observer, sent -> sending.submit(sent, delay, deadline));
  }

  private static void checkDelay(Duration delay) {
    if (delay.isNegative() || delay.compareTo(Deadline.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay: " + delay + " (expected: 0 to " + Deadline.LONGEST + ")");
    }
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    checkBatch("messages", messages.size());
    return sending.sendAll(messages, deadline);
  }

  static void checkBatch(String what, int size) {
    if (size < 1 || size > BATCH_MAX) {
      throw new IllegalArgumentException(
          what + ": " + size + " (expected: 1 to " + BATCH_MAX + ")");
    }
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    checkBatch("most", most);
    List<Claim> claims = receiving.receive(most, deadline);
    List<Delivery> deliveries = new ArrayList<>(claims.size());
    for (Claim each : claims) {
      deliveries.add(new DiskDelivery(each, QueueSettling.message(each)));
    }
    return deliveries;
  }

  @Override
  public List<Settlement> settleAll(List<Delivery> deliveries, Outcome outcome, Deadline deadline)
      throws InterruptedException {
    checkBatch("deliveries", deliveries.size());
    List<Claim> claims = new ArrayList<>(deliveries.size());
    for (Delivery each : deliveries) {
      if (each instanceof DiskDelivery mine && mine.isOf(this)) {
        claims.add(mine.claim);
      }
    }
    if (!(outcome instanceof Outcome.Done) || claims.size() < deliveries.size()) {
      return MessageQueue.super.settleAll(deliveries, outcome, deadline);
    }
    return noted(settling.done(claims, deadline));
  }

  @Override
  public DeadLetters deadLetters() {
    return dead;
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    engine.lock.lockInterruptibly();
    try {
      engine.requireOpen();
      if (engine.state.lines().hasDead()) {
        sending.readAhead(deadline);
      }
      engine.state.moveDue(engine.clock.now());
      return engine.state.depth();
    } finally {
      engine.lock.unlock();
    }
  }

  /**
   * Closes the queue and gives its folders back. Nothing depends on it but how fast it opens again.
   */
  @Override
  public void close() {
    if (!engine.close()) {
      return;
    }
    upkeep.stop();
    try {
      upkeep.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (BackendException e) {
      // What was acknowledged is there; the next opening has more to read.
      engine.observer.count("queue.upkeep.failed", 1);
    } finally {
      letGo();
    }
  }

  private void letGo() {
    engine.lock.lock();
    try {
      reading.close();
    } finally {
      engine.lock.unlock();
    }
    engine.journal.close();
  }

  private List<Settlement> noted(List<Settlement> settlements) {
    settlements.forEach(this::noted);
    return settlements;
  }

  private Settlement noted(Settlement settlement) {
    if (settlement == Settlement.STALE) {
      engine.observer.count("queue.stale", 1);
    }
    return settlement;
  }

  private final class DiskDelivery implements Delivery {
    private final Claim claim;
    private final Message message;

    DiskDelivery(Claim claim, Message message) {
      this.claim = claim;
      this.message = message;
    }

    boolean isOf(DiskQueue queue) {
      return queue == DiskQueue.this;
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public int attempt() {
      return claim.attempt();
    }

    @Override
    public Optional<Duration> timeToLive() {
      return message.timeToLive().isEmpty()
          ? Optional.empty()
          : Optional.of(Duration.ofNanos(claim.timeLeft()));
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
      return noted(settling.settle(claim, outcome, deadline));
    }

    @Override
    public Settlement release(Deadline deadline) throws InterruptedException {
      return noted(settling.release(claim, deadline));
    }

    @Override
    public Settlement renew(Deadline deadline) {
      return noted(settling.renew(claim));
    }

    @Override
    public String toString() {
      return "Delivery[" + message.id() + ", attempt " + attempt() + "]";
    }
  }
}
