package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.OutboxStore;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/**
 * What an adapter tells the contract of outboxes about itself.
 *
 * <p>Each test must find the outbox empty, so an adapter makes or empties its tables before each.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction
 * @see OutboxContract
 */
public abstract class OutboxFixture<T> extends Contract {

  /** The one destination that relays know. */
  static final String ORDERS = "orders";

  /** Short, because a test waits for it to end where a relay has died. */
  static final Duration TURN = Duration.ofSeconds(1);

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final List<OutboxRelay> relays = new ArrayList<>();
  private final UnreliableQueue broker =
      new UnreliableQueue(
          MemoryQueue.of(
              ORDERS, QueueOptions.capacity(100_000), TimeSource.system(), Observer.none()));

  /** For the contract. */
  OutboxFixture() {}

  /** Returns the database that the outbox and the business rows are in. */
  protected abstract BusinessDatabase<T> database();

  /**
   * Returns the outbox, as a process makes it when it starts.
   *
   * @param backlogMax how many rows may wait to be sent
   * @param observer to be given to the outbox
   */
  protected abstract Outbox<T> outbox(int backlogMax, Observer observer);

  /** Returns the relay's side of it, as another process makes it when it starts. */
  protected abstract OutboxStore store();

  /** Returns for how long sent rows are kept. */
  protected abstract Duration retention();

  /** Makes every row older, because a database's clock cannot move. */
  protected abstract void age(Duration by) throws Exception;

  /** Damages the stored form of the message of that id so that its row cannot be read any more. */
  protected abstract void damage(MessageId id) throws Exception;

  /** Returns how many rows there are, sent ones included. */
  protected abstract int rows() throws Exception;

  /** Returns how many transactions the stores have open in the database now. */
  protected abstract int openTransactions() throws Exception;

  /** Returns how long, in real time, a test waits for what must come; less only for twins. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /** Starts a relay; overridden by twins only. */
  protected OutboxRelay start(
      OutboxStore store,
      Function<String, Optional<MessageQueue>> destinations,
      RelayOptions options) {
    return OutboxRelay.start(store, destinations, options);
  }

  /** Returns what the outbox declares; {@code key-order} unless a subclass says less. */
  @Override
  protected Set<String> guarantees() {
    return Set.of("key-order");
  }

  final UnreliableQueue broker() {
    return broker;
  }

  final Outbox<T> outbox() {
    return outbox(10_000);
  }

  final Outbox<T> outbox(int backlogMax) {
    return outbox(backlogMax, Observer.none());
  }

  static Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  static String freshName() {
    return "n" + IDS.text();
  }

  /** Adds messages in one transaction of their own. */
  final void commit(Message... messages) throws Exception {
    T tx = database().begin();
    for (Message message : messages) {
      outbox().add(tx, ORDERS, message);
    }
    database().commit(tx);
  }

  final Message committed(String text) throws Exception {
    Message message = message(text);
    commit(message);
    return message;
  }

  final Message committed(String key, String text) throws Exception {
    Message message = message(text).withKey(key);
    commit(message);
    return message;
  }

  /** Writes rows of three keys, each numbered in order. */
  final void writeRows(int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      commit(
          message("" + i).withKey("a"), message("" + i).withKey("b"), message("" + i).withKey("c"));
    }
  }

  /** Writes numbered rows of one key, each in a transaction that excludes others of the key. */
  final boolean writeUnderLock(Numbers numbers, int count) throws Exception {
    Deadline deadline = soon();
    int written = 0;
    while (written < count) {
      T tx = database().begin();
      try {
        database().lock(tx, "k");
        addNext(tx, numbers);
        database().commit(tx);
        written++;
      } catch (Exception e) {
        // Waiting for a lock has an end in every database; then the writer asks again.
        database().rollback(tx);
        if (deadline.hasExpired()) {
          throw e;
        }
      }
    }
    return true;
  }

  private void addNext(T tx, Numbers numbers) {
    assertThat(numbers.alone().tryAcquire()).as("alone under the lock of the key").isTrue();
    try {
      outbox().add(tx, ORDERS, message("" + numbers.next().getAndIncrement()).withKey("k"));
    } finally {
      numbers.alone().release();
    }
  }

  /**
   * What writers share.
   *
   * @param next the number of the next row
   * @param alone had by the one that adds a row, to see that the lock does exclude others
   */
  record Numbers(AtomicInteger next, Semaphore alone) {}

  final RelayOptions relayOptions(Observer observer) {
    return RelayOptions.of("relay-" + IDS.text(), TimeSource.system(), observer)
        .withIdle(Duration.ofMillis(5))
        .withTurn(TURN, TURN.dividedBy(2))
        .withRetry(Duration.ofMillis(10), Duration.ofMillis(50));
  }

  final OutboxRelay relay() {
    return relay(relayOptions(Observer.none()));
  }

  final OutboxRelay relay(RelayOptions options) {
    return relay(options, broker);
  }

  final OutboxRelay relay(RelayOptions options, MessageQueue orders) {
    Function<String, Optional<MessageQueue>> destinations =
        name -> name.equals(ORDERS) ? Optional.of(orders) : Optional.empty();
    OutboxRelay relay = start(store(), destinations, options);
    relays.add(relay);
    return relay;
  }

  /** Waits until a message has arrived at the broker. */
  final void awaitArrival(Message... messages) throws Exception {
    for (Message message : messages) {
      eventually("arrival", () -> hasArrived(message));
    }
  }

  final boolean hasArrived(Message message) {
    return broker.arrived().stream().anyMatch(each -> each.id().equals(message.id()));
  }

  /** Returns what has arrived, each message once, in the order of first arrival. */
  final List<MessageId> firstArrivals() {
    return broker.arrived().stream().map(Message::id).distinct().toList();
  }

  final List<String> arrivedOf(String key) {
    return broker.arrived().stream()
        .filter(message -> message.key().equals(Optional.of(key)))
        .map(message -> message.payload().toUtf8())
        .distinct()
        .toList();
  }

  final void eventually(String what, Eventually.Check condition) throws Exception {
    Eventually.holds(what, patience(), condition);
  }

  final <R> R resultOf(String what, Background<R> task) throws Exception {
    eventually(what, task::isDone);
    return task.result();
  }

  final Deadline soon() {
    return Deadline.after(patience(), TimeSource.system());
  }

  static void assertInOrder(List<String> numbers) {
    assertThat(numbers.stream().map(Integer::valueOf).toList()).isSorted();
  }

  /** Stops what the test has started. */
  @AfterEach
  final void letGo() {
    broker.release();
    relays.forEach(OutboxRelay::close);
    broker.close();
  }
}
