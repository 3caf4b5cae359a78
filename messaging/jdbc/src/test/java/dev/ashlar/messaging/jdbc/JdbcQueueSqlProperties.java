package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.TIME;
import static dev.ashlar.messaging.jdbc.Fixtures.message;
import static dev.ashlar.messaging.jdbc.Fixtures.next;
import static dev.ashlar.messaging.jdbc.Fixtures.over;
import static dev.ashlar.messaging.jdbc.Fixtures.queue;
import static dev.ashlar.messaging.jdbc.Fixtures.soon;
import static dev.ashlar.messaging.jdbc.Fixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract of queues does not ask, because it is a matter of SQL. */
abstract class JdbcQueueSqlProperties extends JdbcQueueWaitingProperties {
  JdbcQueueSqlProperties(TestDatabase database) {
    super(database);
  }

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
