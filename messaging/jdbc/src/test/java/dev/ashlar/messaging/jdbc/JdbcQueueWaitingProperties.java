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
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Eventually;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** That who waits holds nothing, and that room is kept as far as is said, over SQL. */
abstract class JdbcQueueWaitingProperties extends JdbcQueueKeyProperties {
  JdbcQueueWaitingProperties(TestDatabase database) {
    super(database);
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
}
