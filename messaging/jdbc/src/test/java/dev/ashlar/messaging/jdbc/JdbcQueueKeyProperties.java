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

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.Settlement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That what claims and commits one after the other keeps the order of keys, over SQL. */
abstract class JdbcQueueKeyProperties {

  final TestDatabase database;
  final int lentBefore;

  JdbcQueueKeyProperties(TestDatabase database) {
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
}
