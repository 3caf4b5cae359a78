package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.TIME;
import static dev.ashlar.messaging.jdbc.Fixtures.background;
import static dev.ashlar.messaging.jdbc.Fixtures.message;
import static dev.ashlar.messaging.jdbc.Fixtures.next;
import static dev.ashlar.messaging.jdbc.Fixtures.over;
import static dev.ashlar.messaging.jdbc.Fixtures.queue;
import static dev.ashlar.messaging.jdbc.Fixtures.soon;
import static dev.ashlar.messaging.jdbc.Fixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract of queues does not ask, because it is a matter of SQL. */
abstract class JdbcQueueSqlProperties {

  private final TestDatabase database;
  private final int lentBefore;

  JdbcQueueSqlProperties(TestDatabase database) {
    this.database = database;
    lentBefore = database.source().lent();
  }

  @AfterEach
  void everyConnectionWasGivenBackWithItsSettings() throws SQLException {
    assertThat(database.source().lent()).isEqualTo(lentBefore);
    try (Connection connection = database.source().getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.getNetworkTimeout()).isZero();
    }
    if (database.isH2()) {
      assertThat(database.number("SELECT LOCK_TIMEOUT()")).isEqualTo(2000);
    }
  }

  // Keys.

  @Test
  void aMessageThatIsCommittedLateWaitsForTheOneOfItsKeyThatIsInFlight() throws Exception {
    JdbcQueue queue = queue(database);
    Connection late = insertWithoutCommit(queue, "k", "late");
    queue.send(message("early").withKey("k"), soon());

    Delivery early = next(queue);
    late.commit();
    late.close();

    assertThat(text(early)).isEqualTo("early");
    assertThat(queue.receive(10, over())).as("its key is in flight").isEmpty();
    early.settle(new Outcome.Retry(Duration.ZERO, "again"), soon());
    assertThat(text(next(queue))).as("a retry stays before the others").isEqualTo("early");
  }

  @Test
  void aMessageThatIsCommittedLateIsParkedOnlyIfItsPlaceIsBehindTheDeadLetter() throws Exception {
    QueueOptions parks = QueueOptions.capacity(100).withDeadKey(DeadKey.park(10));
    JdbcQueue queue = queue(database, parks, Observer.none());
    Connection before = insertWithoutCommit(queue, "k", "before");
    Message dead = message("dead").withKey("k");
    queue.send(dead, soon());
    Connection behind = insertWithoutCommit(queue, "k", "behind");
    next(queue).settle(new Outcome.DeadLetter("hopeless"), soon());
    before.commit();
    before.close();
    behind.commit();
    behind.close();

    assertThat(queue.depth(soon())).isEqualTo(new Depth(1, 0, 1, 1));
    Delivery first = next(queue);
    assertThat(text(first)).isEqualTo("before");
    queue.deadLetters().redrive(dead.id(), soon());
    assertThat(queue.receive(10, over())).as("its key is in flight").isEmpty();
    first.settle(Outcome.done(), soon());
    for (String expected : List.of("dead", "behind")) {
      Delivery delivery = next(queue);
      assertThat(text(delivery)).isEqualTo(expected);
      delivery.settle(Outcome.done(), soon());
    }
  }

  @Test
  void aQueueThatIsOpenedNotToParkAnyMoreLetsItsKeysGo() throws Exception {
    QueueOptions parks = QueueOptions.capacity(100).withDeadKey(DeadKey.park(10));
    JdbcQueue parking = queue(database, parks, Observer.none());
    parking.send(message("dead").withKey("k"), soon());
    parking.send(message("behind").withKey("k"), soon());
    next(parking).settle(new Outcome.DeadLetter("hopeless"), soon());
    assertThat(parking.receive(10, over())).isEmpty();

    JdbcQueue skipping =
        JdbcQueue.of(
            database.source(),
            parking.name(),
            parks.withDeadKey(DeadKey.skip()),
            TIME,
            Observer.none());

    assertThat(text(next(skipping))).isEqualTo("behind");
  }

  /** As a sender does that is slow to commit. */
  private Connection insertWithoutCommit(JdbcQueue queue, String key, String text)
      throws SQLException {
    Connection tx = database.source().getConnection();
    tx.setAutoCommit(false);
    new QueueTable(queue.name(), queue.options(), database.dialect())
        .insert(
            new Session(tx, database.dialect(), soon()),
            List.of(message(text).withKey(key)),
            Duration.ZERO);
    return tx;
  }

  @Test
  void twoMessagesOfAKeyCannotBeInFlightWhateverTheStatementsDo() throws Exception {
    JdbcQueue queue = queue(database);
    queue.send(message("one").withKey("k"), soon());
    queue.send(message("two").withKey("k"), soon());
    next(queue);

    assertThatThrownBy(
            () ->
                database.change(
                    "UPDATE ashlar_queue SET inflight_key = ordering_key WHERE queue = ?",
                    queue.name()))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(SqlFailure.isCollision(e)).as("another claim repeats").isTrue());
  }

  @Test
  void aClaimThatSeesAnOlderStateOfItsKeyCollidesAndIsRepeated() throws Exception {
    CountingObserver observer = new CountingObserver();
    JdbcQueue queue = queue(database, QueueOptions.capacity(10), observer);
    Connection late = insertWithoutCommit(queue, "k", "late");
    queue.send(message("early").withKey("k"), soon());
    Connection claiming = database.source().getConnection();
    claiming.setAutoCommit(false);
    Session session = new Session(claiming, database.dialect(), soon());
    assertThat(new QueueTable(queue.name(), queue.options(), database.dialect()).claim(session, 1))
        .hasSize(1);
    late.commit();
    late.close();

    long start = TIME.nanos();
    FutureTask<List<Delivery>> second =
        background(() -> queue.receive(10, Fixtures.in(Duration.ofSeconds(1))));
    Eventually.holds("a claim", Fixtures.PATIENCE, () -> Fixtures.since(start).toMillis() > 300);
    claiming.commit();
    claiming.close();

    assertThat(second.get()).as("the key is in flight").isEmpty();
    assertThat(observer.count("queue.collision")).isPositive();
  }

  @Test
  void manyClaimersShareTheMessagesAndKeepTheOrderOfEachKey() throws Exception {
    CountingObserver observer = new CountingObserver();
    JdbcQueue queue = queue(database, QueueOptions.capacity(10_000), observer);
    Set<String> inFlight = ConcurrentHashMap.newKeySet();
    Map<String, Integer> last = new ConcurrentHashMap<>();
    AtomicInteger handled = new AtomicInteger();
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String sender = "s" + i;
      tasks.add(background(() -> sendNumbers(queue, sender)));
    }
    for (int i = 0; i < 4; i++) {
      tasks.add(
          background(
              () -> {
                while (handled.get() < 300) {
                  for (Delivery delivery : queue.receive(7, Fixtures.in(Duration.ofMillis(50)))) {
                    handleInOrder(delivery, inFlight, last);
                    handled.incrementAndGet();
                  }
                }
                return true;
              }));
    }

    for (FutureTask<Boolean> task : tasks) {
      assertThat(task.get()).isTrue();
    }
    assertThat(last).hasSize(12).allSatisfy((key, number) -> assertThat(number).isGreaterThan(90));
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 0));
  }

  private static boolean sendNumbers(JdbcQueue queue, String sender) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      queue.send(message("" + i).withKey(sender + "-" + i % 4), soon());
    }
    return true;
  }

  private static void handleInOrder(
      Delivery delivery, Set<String> inFlight, Map<String, Integer> last)
      throws InterruptedException {
    String key = delivery.message().key().orElseThrow();
    assertThat(inFlight.add(key)).as("alone in flight").isTrue();
    Integer before = last.put(key, Integer.valueOf(text(delivery)));
    assertThat(before == null ? -1 : before).isLessThan(Integer.parseInt(text(delivery)));
    inFlight.remove(key);
    assertThat(delivery.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
  }

  // Waiting.

  @Test
  void aReceiverIsWokenByAMessageThroughTheSameHandle() throws Exception {
    JdbcQueue queue = queue(database).withPollInterval(Duration.ofMinutes(1));
    long start = TIME.nanos();
    FutureTask<Delivery> receiving = background(() -> next(queue));
    Eventually.holds(
        "a look in vain", Fixtures.PATIENCE, () -> Fixtures.since(start).toMillis() > 200);

    queue.send(message("one"), soon());

    assertThat(text(receiving.get())).isEqualTo("one");
    assertThat(Fixtures.since(start)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void aReceiverFindsWhatComesThroughAnotherHandle() throws Exception {
    JdbcQueue queue = queue(database);
    JdbcQueue other = queue.withPollInterval(Duration.ofMillis(5));
    FutureTask<Delivery> receiving = background(() -> next(other));

    queue.send(message("one"), soon());

    assertThat(text(receiving.get())).isEqualTo("one");
  }

  @Test
  void whoWaitsHoldsNoConnection() throws Exception {
    JdbcQueue queue = queue(database).withPollInterval(Duration.ofMinutes(1));
    long start = TIME.nanos();
    FutureTask<Delivery> receiving = background(() -> next(queue));

    Eventually.holds(
        "a wait without a connection",
        Fixtures.PATIENCE,
        () -> Fixtures.since(start).toMillis() > 200 && database.source().lent() == lentBefore);
    queue.send(message("one"), soon());
    receiving.get();
  }

  @Test
  void closingEndsCallsThatWait() throws Exception {
    JdbcQueue queue = queue(database, QueueOptions.capacity(1), Observer.none());
    JdbcQueue full = queue.withPollInterval(Duration.ofMinutes(1));
    JdbcQueue empty = queue(database).withPollInterval(Duration.ofMinutes(1));
    queue.send(message("fills it"), soon());
    FutureTask<Object> sending =
        background(() -> full.trySend(message("waits"), Duration.ZERO, soon()));
    FutureTask<Object> receiving = background(() -> empty.receive(1, soon()));

    full.close();
    empty.close();
    empty.close();

    for (FutureTask<Object> waiting : List.of(sending, receiving)) {
      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> empty.depth(soon())).isInstanceOf(IllegalStateException.class);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(1, 0, 0));
  }

  @Test
  void aDeadlineBoundsTheWaitForARowThatSomebodyHasLocked() throws Exception {
    JdbcQueue queue = queue(database);
    queue.send(message("one"), soon());
    Delivery delivery = next(queue);
    Connection other = database.source().getConnection();
    other.setAutoCommit(false);
    try (PreparedStatement lock =
        other.prepareStatement("SELECT seq FROM ashlar_queue WHERE queue = ? FOR UPDATE")) {
      lock.setString(1, queue.name());
      lock.executeQuery().close();
    }
    long start = TIME.nanos();

    assertThatThrownBy(() -> delivery.settle(Outcome.done(), Fixtures.in(Duration.ofMillis(300))))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.advice()).isEqualTo(new Advice.Transient()));

    assertThat(Fixtures.since(start)).isLessThan(Duration.ofSeconds(10));
    other.rollback();
    other.close();
    assertThat(delivery.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
  }

  @Test
  void aDeadlineThatIsOverAllowsWhatCanBeDoneNowAndNoQuestion() throws Exception {
    JdbcQueue queue = queue(database);

    SendResult sent = queue.trySend(message("late"), Duration.ZERO, over());

    assertThat(sent).isEqualTo(new SendResult.Accepted());
    assertThatThrownBy(() -> queue.depth(over()))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.effect()).isEqualTo(Effect.NONE));
    assertThat(queue.receive(1, over())).hasSize(1);
  }

  // Room.

  @Test
  void oneSenderKeepsTheBoundExactly() throws Exception {
    JdbcQueue queue = queue(database, QueueOptions.capacity(50), Observer.none());
    List<Message> many = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      many.add(message("" + i));
    }

    List<SendResult> results = queue.sendAll(many, Fixtures.in(Duration.ofSeconds(2)));

    assertThat(results.subList(0, 50)).containsOnly(new SendResult.Accepted());
    assertThat(results.subList(50, 60))
        .allSatisfy(
            result ->
                assertThat(result)
                    .isInstanceOfSatisfying(
                        SendResult.Refused.class,
                        refused ->
                            assertThat(refused.advice()).isInstanceOf(Advice.Overloaded.class)));
    assertThat(queue.depth(soon())).isEqualTo(new Depth(50, 0, 0));
  }

  @Test
  void manySendersGoOverTheBoundByNoMoreThanTheirGrants() throws Exception {
    JdbcQueue queue = queue(database, QueueOptions.capacity(40), Observer.none());
    List<FutureTask<Boolean>> senders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      JdbcQueue handle = queue.withPollInterval(Duration.ofMillis(50));
      senders.add(
          background(
              () -> {
                for (int k = 0; k < 30; k++) {
                  handle.trySend(message("x"), Duration.ZERO, Fixtures.in(Duration.ofMillis(100)));
                }
                return true;
              }));
    }
    for (FutureTask<Boolean> sender : senders) {
      sender.get();
    }

    assertThat(queue.depth(soon()).waiting()).isBetween(40L, 40L + 3 * 5);
  }

  @Test
  void aPayloadThatIsTooBigIsRefusedForGoodAndHoldsItsKeyBack() throws Exception {
    JdbcQueue queue =
        queue(database, QueueOptions.capacity(10).withPayloadMaxBytes(4), Observer.none());
    List<SendResult> results =
        queue.sendAll(
            List.of(
                message("fits").withKey("k"),
                message("does not").withKey("k"),
                message("k").withKey("k"),
                message("j").withKey("j")),
            soon());

    assertThat(results.get(0)).isEqualTo(new SendResult.Accepted());
    assertThat(results.get(1))
        .isEqualTo(
            new SendResult.Refused(
                new Advice.Permanent(), "payload: 8 bytes (expected: at most 4)"));
    assertThat(results.get(2)).isInstanceOf(SendResult.Refused.class);
    assertThat(results.get(3)).isEqualTo(new SendResult.Accepted());
  }

  @Test
  void theBiggestPayloadFits() throws Exception {
    QueueOptions options = QueueOptions.capacity(10).withPayloadMaxBytes(JdbcSchema.H2_BYTES_MAX);
    JdbcQueue queue = queue(database, options, Observer.none());
    byte[] big = new byte[JdbcSchema.H2_BYTES_MAX];
    big[big.length - 1] = 7;

    queue.send(Message.of(MessageId.next(Fixtures.IDS), Bytes.owning(big)), soon());

    assertThat(next(queue).message().payload()).isEqualTo(Bytes.owning(big));
  }

  // Rows.

  @Test
  void aRowWithAnIdThatIsNoneIsSetAsideAndCanBeNamed() throws Exception {
    CountingObserver observer = new CountingObserver();
    JdbcQueue queue = queue(database, QueueOptions.capacity(10), observer);
    queue.send(message("payload stays"), soon());
    database.change("UPDATE ashlar_queue SET message_id = 'no id!' WHERE queue = ?", queue.name());
    queue.send(message("later"), soon());

    assertThat(text(next(queue))).isEqualTo("later");

    DeadLetters.Entry entry = queue.deadLetters().list(10, soon()).get(0);
    assertThat(entry.message().payload()).isEqualTo(Bytes.utf8("payload stays"));
    assertThat(entry.message().id().value()).startsWith("unreadable-");
    assertThat(entry.reason()).startsWith("unreadable: ");
    assertThat(observer.count("queue.unreadable")).isEqualTo(1);
    assertThat(queue.deadLetters().discard(entry.message().id(), soon())).isTrue();
  }

  @Test
  void anOwnerThatVanishesIsNotedAsAFailure() throws Exception {
    CountingObserver observer = new CountingObserver();
    QueueOptions options =
        QueueOptions.capacity(10).withVisibility(Duration.ofMillis(50)).withAttemptsMax(2);
    JdbcQueue queue = queue(database, options, observer);
    Message sent = message("one");
    queue.send(sent, soon());
    assertThat(next(queue).attempt()).isEqualTo(1);
    assertThat(next(queue).attempt()).isEqualTo(2);

    Eventually.holds(
        "a dead letter",
        Fixtures.PATIENCE,
        () -> queue.receive(1, over()).isEmpty() && queue.depth(soon()).dead() == 1);

    DeadLetters.Entry entry = queue.deadLetters().list(1, soon()).get(0);
    assertThat(entry.reason())
        .isEqualTo("not settled within its visibility, in each of 2 attempts");
    assertThat(entry.firstFailure()).isBefore(entry.lastFailure());
    assertThat(observer.count("queue.lapsed")).isEqualTo(2);
  }

  @Test
  void givingBackCostsNoAttemptAndCountsAllTheSame() throws Exception {
    JdbcQueue queue =
        queue(database, QueueOptions.capacity(10).withAttemptsMax(1), Observer.none());
    queue.send(message("one"), soon());

    for (int attempt = 1; attempt <= 3; attempt++) {
      Delivery delivery = next(queue);
      assertThat(delivery.attempt()).isEqualTo(attempt);
      assertThat(delivery.release(soon())).isEqualTo(Settlement.APPLIED);
      assertThat(delivery.release(soon())).isEqualTo(Settlement.STALE);
    }

    next(queue).settle(new Outcome.Retry(Duration.ZERO, "really failed"), soon());
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 1));
  }

  @Test
  void aCauseThatTheDatabaseWouldRefuseIsStoredWithoutThat() throws Exception {
    JdbcQueue queue = queue(database);
    queue.send(message("one"), soon());

    next(queue).settle(new Outcome.DeadLetter("nul \u0000 and half \uD83D a face"), soon());

    assertThat(queue.deadLetters().list(1, soon()).get(0).reason())
        .isEqualTo("nul ? and half ? a face");
  }

  @Test
  void aMessageCarriesTheContextOfItsSender() throws Exception {
    JdbcQueue queue = queue(database);
    CallContext context = CallContext.root(Fixtures.IDS, soon(), "test");
    context.call(
        () -> {
          queue.send(message("one"), soon());
          return true;
        });

    assertThat(next(queue).message().headers().first(CallContext.CORRELATION_HEADER))
        .contains(context.correlation().value());
  }

  @Test
  void aCrashWhileRedrivingLeavesTheMessageInOnePlace() throws Exception {
    JdbcQueue queue = queue(database);
    Message sent = message("one");
    queue.send(sent, soon());
    next(queue).settle(new Outcome.DeadLetter("hopeless"), soon());
    for (String step : List.of("queue.redrive.written", "queue.redrive.removed")) {
      JdbcQueue dying =
          JdbcQueue.of(database.source(), queue.name(), queue.options(), TIME, CrashAt.named(step));

      assertThatThrownBy(() -> dying.deadLetters().redrive(sent.id(), soon()))
          .isInstanceOf(SimulatedCrash.class);

      assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 1));
    }
    assertThat(queue.deadLetters().redrive(sent.id(), soon()))
        .isEqualTo(DeadLetters.Redrive.REDRIVEN);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(1, 0, 0));
  }

  @Test
  void oneSetOfTablesHoldsManyQueues() throws Exception {
    JdbcQueue one = queue(database);
    JdbcQueue other = queue(database);
    one.send(message("one").withKey("k"), soon());
    other.send(message("other").withKey("k"), soon());

    assertThat(text(next(one))).isEqualTo("one");
    assertThat(text(next(other))).isEqualTo("other");
  }

  @Test
  void whatIsOutOfBoundsIsRefusedByName() {
    assertThatThrownBy(
            () ->
                JdbcQueue.of(
                    database.source(), "no name", QueueOptions.capacity(1), TIME, Observer.none()))
        .hasMessageContaining("name: 7 characters");
    assertThatThrownBy(() -> queue(database).withPollInterval(Duration.ZERO))
        .hasMessageContaining("poll: PT0S");
    assertThatThrownBy(() -> queue(database).receive(0, soon())).hasMessageContaining("most: 0");
    assertThatThrownBy(() -> queue(database).sendAll(List.of(), soon()))
        .hasMessageContaining("messages: 0");
  }
}
