package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Outbox}, with its {@link OutboxStore} and the relay, must do, as tests: the
 * properties OUTBOX-1 to OUTBOX-11 and OUTBOX-17.
 *
 * <p>An adapter's test class extends this one, says how to reach its database, and inherits the
 * rest. The broker is a queue in memory that the tests take away, block or make swallow answers.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction
 */
public abstract class OutboxContract<T> extends OutboxFixture<T> {

  /** For subclasses. */
  protected OutboxContract() {}

  @Test
  @Proves("OUTBOX-1")
  void whatIsRolledBackIsNeverPublished() throws Exception {
    T tx = database().begin();
    outbox().add(tx, ORDERS, message("rolled back"));
    database().rollback(tx);
    T dying = database().begin();
    outbox().add(dying, ORDERS, message("its process died"));
    database().crash(dying);
    relay();

    Message marker = committed("marker");
    awaitArrival(marker);

    assertThat(broker().arrived()).containsExactly(marker);
  }

  @Test
  @Proves("OUTBOX-2")
  void whatIsCommittedIsPublishedByWhateverRelayRunsLater() throws Exception {
    String effect = freshName();
    Message message =
        message("r\u00e9sum\u00e9")
            .withKey("schl\u00fcssel")
            .withHeaders(Headers.of("Empty", "").plus("a", "\u00fc").plus("a", "2"));
    T tx = database().begin();
    database().effect(tx, effect);
    outbox().add(tx, ORDERS, message);
    database().commit(tx);

    // The process that wrote it dies here; all that is left is the database.
    relay();
    awaitArrival(message);

    assertThat(broker().arrived()).containsExactly(message);
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("OUTBOX-3")
  void nothingIsPublishedBeforeItsCommitHoweverEagerTheRelay() throws Exception {
    CountingObserver observer = new CountingObserver();
    relay(relayOptions(observer).withIdle(Duration.ofMillis(1)));
    T tx = database().begin();
    Message open = message("open");
    outbox().add(tx, ORDERS, open);

    for (int i = 0; i < 3; i++) {
      awaitArrival(committed("marker " + i));
    }
    assertThat(hasArrived(open)).as("published before its commit").isFalse();

    database().commit(tx);
    awaitArrival(open);
  }

  @Test
  @Proves("OUTBOX-4")
  @Proves("OUTBOX-5")
  void aCrashAtAnyStepOfTheRelayPublishesAgainWithTheSameIdsAndInOrder() throws Exception {
    CountingObserver recorder = new CountingObserver();
    OutboxRelay relay = relay(relayOptions(recorder));
    Message first = committed("k", "0");
    awaitArrival(first);
    eventually("the mark", () -> recorder.steps().contains("outbox.marked"));
    relay.close();
    Set<String> steps = new LinkedHashSet<>(recorder.steps());
    assertThat(steps).contains("outbox.published");

    int number = 1;
    Set<MessageId> sent = new LinkedHashSet<>(Set.of(first.id()));
    for (String step : steps) {
      sent.add(committed("k", "" + number++).id());
      sent.add(committed("k", "" + number++).id());
      OutboxRelay dying = relay(relayOptions(CrashAt.named(step)));
      eventually("the crash at " + step, () -> !dying.isRunning());
      Message marker = committed("k", "" + number++);
      sent.add(marker.id());
      OutboxRelay successor = relay();
      awaitArrival(marker);
      successor.close();
    }

    assertThat(firstArrivals()).containsExactlyElementsOf(sent);
    assertInOrder(arrivedOf("k"));
  }

  @Test
  @Proves("OUTBOX-4")
  void aLostAnswerPublishesAgainWithTheSameId() throws Exception {
    broker().set(UnreliableQueue.Mode.LOSING_ANSWERS);
    Message message = committed("one");
    relay();
    eventually("a second try", () -> broker().arrived().size() >= 2);

    broker().set(UnreliableQueue.Mode.UP);
    awaitArrival(committed("marker"));

    assertThat(firstArrivals()).hasSize(2);
    assertThat(broker().arrived().subList(0, 2)).containsExactly(message, message);
  }

  @Test
  @Proves("OUTBOX-5")
  void twoRelaysPublishEachRowOnceAndInOrderAlsoWhenOneStops() throws Exception {
    RelayOptions options =
        relayOptions(Observer.none())
            .withBatch(7)
            .withTurn(Duration.ofSeconds(60), Duration.ofSeconds(30));
    broker().set(UnreliableQueue.Mode.SLOW);
    writeRows(0, 20);
    OutboxRelay one = relay(options);
    relay(relayOptions(Observer.none()).withBatch(7).withTurn(options.turn(), options.sendMax()));
    writeRows(20, 20);
    eventually("some rows", () -> broker().arrived().size() >= 20);
    one.close();
    writeRows(40, 20);

    eventually("all rows", () -> firstArrivals().size() == 180);
    assertThat(broker().arrived()).as("each row once").hasSize(180);
    for (String key : List.of("a", "b", "c")) {
      assertInOrder(arrivedOf(key));
    }
  }

  @Test
  @Proves("OUTBOX-5")
  void aRelayWhoseTurnIsOverCanNoteNothing() throws Exception {
    Message message = committed("one");
    Duration turn = Duration.ofMillis(200);
    OutboxStore pausing = store();
    OutboxStore next = store();
    OutboxStore.Turn over = pausing.takeTurn("pausing", turn, soon()).orElseThrow();
    List<OutboxRow> rows = pausing.due(over, 10, soon());
    assertThat(rows).hasSize(1);

    List<OutboxStore.Turn> taken = new ArrayList<>();
    eventually(
        "the next turn",
        () -> next.takeTurn("next", TURN.multipliedBy(30), soon()).map(taken::add).orElse(false));

    long number = rows.get(0).number();
    assertThat(taken.get(0).epoch()).isGreaterThan(over.epoch());
    assertThat(pausing.sent(over, List.of(number), soon())).isFalse();
    assertThat(pausing.takeTurn("pausing", turn, soon())).isEmpty();
    assertThat(next.due(taken.get(0), 10, soon()).stream().map(OutboxRow::message))
        .containsExactly(message);
    assertThat(next.sent(taken.get(0), List.of(number), soon())).isTrue();
    assertThat(next.due(taken.get(0), 10, soon())).isEmpty();
  }

  @Test
  @Proves(value = "OUTBOX-6", guarantee = "key-order")
  void whereTransactionsOfAKeyExcludeEachOtherItsMessagesKeepTheOrderOfCommit() throws Exception {
    relay(relayOptions(Observer.none()).withBatch(3));
    Numbers numbers = new Numbers(new AtomicInteger(), new Semaphore(1));
    T first = database().begin();
    database().lock(first, "k");
    database().commit(first);
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(Background.start("writer", () -> writeUnderLock(numbers, 10)));
    }
    for (Background<Boolean> writer : writers) {
      resultOf("the end of a writer", writer);
    }

    eventually("all rows", () -> firstArrivals().size() == 40);
    assertInOrder(arrivedOf("k"));
  }

  @Test
  @Proves(value = "OUTBOX-6", guarantee = "key-order")
  void aFailedTryHoldsItsKeyBackAndKeepsTheOrder() throws Exception {
    broker().set(UnreliableQueue.Mode.DOWN);
    relay();
    for (int i = 0; i < 5; i++) {
      committed("k", "" + i);
      TimeSource.system().sleep(Duration.ofMillis(15));
    }
    broker().set(UnreliableQueue.Mode.UP);
    awaitArrival(committed("k", "5"));

    assertThat(arrivedOf("k")).containsExactly("0", "1", "2", "3", "4", "5");
  }

  @Test
  @Proves("OUTBOX-7")
  void aRowThatIsCommittedLateIsNotHiddenByHigherNumbers() throws Exception {
    relay();
    T low = database().begin();
    Message late = message("late");
    outbox().add(low, ORDERS, late);
    T lost = database().begin();
    outbox().add(lost, ORDERS, message("leaves a gap"));

    awaitArrival(committed("higher"), committed("higher still"));
    database().rollback(lost);
    database().commit(low);

    awaitArrival(late, committed("after the gap"));
    assertThat(firstArrivals()).hasSize(4);
  }

  @Test
  @Proves("OUTBOX-8")
  void businessGoesOnWithoutTheBrokerUntilTheBacklogIsFull() throws Exception {
    int backlogMax = 10;
    broker().set(UnreliableQueue.Mode.DOWN);
    relay();
    String effect = freshName();
    int accepted = 0;
    while (accepted < backlogMax * 3 && isAccepted(backlogMax, effect)) {
      accepted++;
    }
    assertThat(accepted).isBetween(backlogMax, backlogMax * 3 - 1);
    assertThat(database().effects(effect)).isEqualTo(accepted);

    broker().set(UnreliableQueue.Mode.UP);
    int expected = accepted;
    eventually("the backlog", () -> firstArrivals().size() == expected);
    eventually("room", () -> isAccepted(backlogMax, effect));
  }

  private boolean isAccepted(int backlogMax, String effect) throws Exception {
    T tx = database().begin();
    try {
      database().effect(tx, effect);
      outbox(backlogMax).add(tx, ORDERS, message("one"));
    } catch (BackendException e) {
      database().rollback(tx);
      assertThat(e.advice()).isInstanceOf(Advice.Overloaded.class);
      return false;
    }
    database().commit(tx);
    return true;
  }

  @Test
  @Proves("OUTBOX-9")
  void aRowThatCannotBeReadStopsNoOtherKey() throws Exception {
    Message unreadable = committed("a", "unreadable");
    damage(unreadable.id());
    Message other = committed("b", "other");
    Message keyless = committed("keyless");

    relay();

    awaitArrival(other, keyless);
    assertThat(hasArrived(unreadable)).isFalse();
  }

  @Test
  @Proves("OUTBOX-9")
  void aRowThatAlwaysFailsStopsNoOtherKey() throws Exception {
    Message refused = committed("a", "refused");
    broker().refuse(refused.id());
    committed("a", "behind it");
    Message nowhere = message("nowhere").withKey("c");
    T tx = database().begin();
    outbox().add(tx, "no-such-queue", nowhere);
    database().commit(tx);
    Message other = committed("b", "other");

    relay();

    awaitArrival(other, committed("b", "later"), committed("keyless"));
    assertThat(arrivedOf("a")).as("behind the failing row of its key").isEmpty();
    assertThat(hasArrived(nowhere)).isFalse();
  }

  @Test
  @Proves("OUTBOX-10")
  void sentRowsAreRemovedAfterTheRetentionInBoundedBatchesAndOthersNever() throws Exception {
    for (int i = 0; i < 8; i++) {
      committed("m" + i);
    }
    OutboxStore store = store();
    OutboxStore.Turn turn = store.takeTurn("test", Duration.ofMinutes(5), soon()).orElseThrow();
    List<Long> numbers = store.due(turn, 5, soon()).stream().map(OutboxRow::number).toList();
    assertThat(store.sent(turn, numbers, soon())).isTrue();
    assertThat(store.cleanUp(100, soon())).as("younger than the retention").isZero();

    age(retention().plusMinutes(1));

    assertThat(store.cleanUp(2, soon())).isEqualTo(2);
    assertThat(store.cleanUp(2, soon())).isEqualTo(2);
    assertThat(store.cleanUp(2, soon())).isEqualTo(1);
    assertThat(store.cleanUp(2, soon())).isZero();
    assertThat(rows()).as("not sent").isEqualTo(3);
  }

  @Test
  @Proves("OUTBOX-11")
  void noTransactionIsOpenWhileTheRelayWaitsForTheBroker() throws Exception {
    Message message = committed("one");
    broker().set(UnreliableQueue.Mode.BLOCKING);
    relay();
    eventually("the relay at the broker", broker()::isBlocked);

    for (int i = 0; i < 10; i++) {
      assertThat(openTransactions()).as("open transactions").isZero();
      TimeSource.system().sleep(Duration.ofMillis(5));
    }
    Message meanwhile = committed("business goes on");

    broker().release();
    awaitArrival(message, meanwhile);
  }

  @Test
  @Proves("OUTBOX-17")
  void aMessageIsHandedOverWhenItIsAddedAndNotAgainWhenItIsSent() throws Exception {
    MarkingObserver adding = new MarkingObserver();
    MarkingObserver sending = new MarkingObserver();
    MessageQueue queue =
        MemoryQueue.of(ORDERS, QueueOptions.capacity(100), TimeSource.system(), sending);
    CallContext request = CallContext.root(IdSource.system(), soon(), "test");
    Message message = message("one").withHeaders(Headers.of("Own", "kept"));
    T tx = database().begin();
    request.run(() -> outbox(100, adding).add(tx, ORDERS, message));
    database().commit(tx);

    relay(relayOptions(sending), queue);
    Message arrived = queue.receive(1, soon()).get(0).message();

    Headers stored = request.storedInto(message.headers()).with(MarkingObserver.MARK, "1");
    assertThat(arrived).isEqualTo(message.withHeaders(stored));
    assertThat(adding.endings()).containsExactly("PRODUCER " + ORDERS + " NONE ok");
    assertThat(sending.endings()).isEmpty();
  }
}
