package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Inbox} must do, as tests: the properties INBOX-1 to INBOX-12.
 *
 * <p>An adapter's test class extends this one, says how to reach its database, and inherits the
 * rest.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction
 */
public abstract class InboxContract<T> extends InboxFixture<T> {

  private static final Duration BLOCKED_FOR = Duration.ofMillis(300);

  /** For subclasses. */
  protected InboxContract() {}

  @Test
  @Proves("INBOX-1")
  void ofTwoDeliveriesOneHasItsEffectAndTheOtherGetsTheRecordedResult() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();

    assertThat(deliver(inbox, id, "order", effect)).isEqualTo(ran("order"));
    assertThat(deliver(inbox, id, "order", effect)).isEqualTo(duplicate("order"));

    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-2")
  void ofTwoDeliveriesAtTheSameTimeOneHasItsEffect() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();
    T first = database().begin();
    once(inbox, first, id, "order", effect);

    Background<Once<String>> second =
        Background.start("second delivery", () -> deliverUntilKnown(inbox, id, effect));
    giveTimeTo(second);
    database().commit(first);

    assertThat(resultOf("the second delivery", second)).isEqualTo(duplicate("order"));
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-2")
  void aDeliveryRunsWhenTheOneBeforeItIsRolledBack() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();
    T first = database().begin();
    once(inbox, first, id, "order", effect);

    Background<Once<String>> second =
        Background.start("second delivery", () -> deliverUntilKnown(inbox, id, effect));
    giveTimeTo(second);
    database().rollback(first);

    assertThat(resultOf("the second delivery", second)).isEqualTo(ran("order"));
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  /** A loser either waits, or is told that the database failed and delivers again. */
  private Once<String> deliverUntilKnown(Inbox<T> inbox, MessageId id, String effect)
      throws Exception {
    Deadline deadline = soon();
    while (true) {
      try {
        return deliver(inbox, id, "order", effect);
      } catch (BackendException e) {
        if (deadline.hasExpired()) {
          throw e;
        }
      }
    }
  }

  /** Lets a delivery come as far as it can; one that waits for another transaction stays there. */
  private static void giveTimeTo(Background<?> task) throws InterruptedException {
    Deadline deadline = Deadline.after(BLOCKED_FOR, TimeSource.system());
    while (!task.isDone() && !deadline.hasExpired()) {
      TimeSource.system().sleep(Duration.ofMillis(5));
    }
  }

  @Test
  @Proves("INBOX-3")
  void whenTheWorkFailsTheIdIsNotRecordedAndARedeliveryRunsIt() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();
    T tx = database().begin();

    assertThatThrownBy(() -> failing(inbox, tx, id, effect))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the work failed");
    // The caller may go on with the transaction: what the failed work wrote is not in it.
    database().effect(tx, effect + "-after");
    database().commit(tx);

    assertThat(database().effects(effect)).isZero();
    assertThat(database().effects(effect + "-after")).isEqualTo(1);
    assertThat(deliver(inbox, id, "order", effect)).isEqualTo(ran("order"));
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  private void failing(Inbox<T> inbox, T tx, MessageId id, String effect) throws Exception {
    Inbox.Work<String, Exception> work =
        () -> {
          database().effect(tx, effect);
          throw new IllegalStateException("the work failed");
        };
    inbox.once(tx, id, Bytes.utf8("order"), Codec.utf8(), work);
  }

  @Test
  @Proves("INBOX-4")
  void aCrashBeforeTheCommitLeavesNothingAndTheRedeliveryRuns() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();
    T tx = database().begin();
    assertThat(once(inbox, tx, id, "order", effect)).isEqualTo(ran("order"));

    database().crash(tx);

    assertThat(deliverUntilKnown(inbox, id, effect)).isEqualTo(ran("order"));
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-5")
  void aCrashAfterTheCommitDoublesNothingAndTheRedeliveryIsSettled() throws Exception {
    Inbox<T> inbox = freshInbox();
    String effect = freshName();
    ManualTime time = ManualTime.create();
    Deadline now = Deadline.after(Duration.ZERO, time);
    QueueOptions options = QueueOptions.capacity(10);
    try (MessageQueue queue = MemoryQueue.of("orders", options, time, Observer.none())) {
      Message message = Message.of(freshId(), Bytes.utf8("order"));
      queue.send(message, now);
      Delivery first = queue.receive(1, now).get(0);
      deliver(inbox, first.message().id(), "order", effect);

      // The process dies here: committed, and not settled.
      time.advance(options.visibility());

      Delivery second = queue.receive(1, now).get(0);
      assertThat(deliver(inbox, second.message().id(), "order", effect))
          .isEqualTo(duplicate("order"));
      second.settle(Outcome.done(), now);
      assertThat(queue.depth(now)).isEqualTo(new MessageQueue.Depth(0, 0, 0));
    }
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-6")
  void twoConsumersOfOneMessageBothRun() throws Exception {
    MessageId id = freshId();
    String effect = freshName();

    assertThat(deliver(freshInbox(), id, "order", effect)).isEqualTo(ran("order"));
    assertThat(deliver(freshInbox(), id, "order", effect)).isEqualTo(ran("order"));

    assertThat(database().effects(effect)).isEqualTo(2);
  }

  @Test
  @Proves("INBOX-7")
  void anIdOlderThanTheRetentionIsForgotten() throws Exception {
    Inbox<T> inbox = freshInbox();
    List<MessageId> ids = List.of(freshId(), freshId(), freshId());
    String effect = freshName();
    for (MessageId id : ids) {
      deliver(inbox, id, "order", effect);
    }
    age(RETENTION.plusMinutes(1));

    assertThat(inbox.cleanUp(2, soon())).as("bounded").isEqualTo(2);
    while (inbox.cleanUp(2, soon()) > 0) {
      assertThat(database().effects(effect)).isEqualTo(3);
    }

    assertThat(deliver(inbox, ids.get(0), "order", effect)).isEqualTo(ran("order"));
    assertThat(database().effects(effect)).isEqualTo(4);
  }

  @Test
  @Proves("INBOX-7")
  void aRetentionBelowTheRedeliveryHorizonIsRefused() {
    assertThatThrownBy(() -> inbox(new InboxOptions(freshName(), HORIZON.minusNanos(1), HORIZON)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Proves("INBOX-8")
  void whatTheWorkSendsCommitsWithItOrNotAtAll() throws Exception {
    Inbox<T> inbox = freshInbox();
    Message incoming = Message.of(freshId(), Bytes.utf8("order"));
    Message outgoing = Message.of(freshId(), Bytes.utf8("invoice"));

    T first = database().begin();
    inbox.once(first, incoming, () -> outbox().add(first, "invoices", outgoing));
    database().rollback(first);
    assertThat(inOutbox()).isEmpty();

    for (int delivery = 1; delivery <= 2; delivery++) {
      T tx = database().begin();
      inbox.once(tx, incoming, () -> outbox().add(tx, "invoices", outgoing));
      database().commit(tx);
    }
    assertThat(inOutbox()).containsExactly(outgoing.id());
  }

  private List<MessageId> inOutbox() throws InterruptedException {
    OutboxStore store = outboxStore();
    OutboxStore.Turn turn = store.takeTurn("test", Duration.ofMinutes(1), soon()).orElseThrow();
    return store.due(turn, 100, soon()).stream().map(OutboxRow::message).map(Message::id).toList();
  }

  @Test
  @Proves("INBOX-9")
  void aDuplicateLeavesTheTransactionUsable() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    MessageId next = freshId();
    String effect = freshName();
    deliver(inbox, id, "order", effect);

    T tx = database().begin();
    database().effect(tx, effect + "-before");
    assertThat(once(inbox, tx, id, "order", effect)).isEqualTo(duplicate("order"));
    assertThat(once(inbox, tx, id, "other", effect)).isInstanceOf(Once.Conflict.class);
    assertThat(once(inbox, tx, next, "order", effect)).isEqualTo(ran("order"));
    database().effect(tx, effect + "-after");
    database().commit(tx);

    assertThat(database().effects(effect)).isEqualTo(2);
    assertThat(database().effects(effect + "-before")).isEqualTo(1);
    assertThat(database().effects(effect + "-after")).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-10")
  void anIdThatComesWithAnotherBodyIsAConflict() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();
    deliver(inbox, id, "one pound", effect);

    assertThat(deliver(inbox, id, "ten pounds", effect)).isInstanceOf(Once.Conflict.class);

    assertThat(database().effects(effect)).isEqualTo(1);
    assertThat(deliver(inbox, id, "one pound", effect)).isEqualTo(duplicate("one pound"));
  }

  @Test
  @Proves("INBOX-11")
  void cleaningUpNeverForgetsAnIdWhoseMessageCanStillCome() throws Exception {
    Inbox<T> inbox = inbox(new InboxOptions(freshName(), HORIZON, HORIZON));
    MessageId id = freshId();
    String effect = freshName();
    deliver(inbox, id, "order", effect);
    age(HORIZON.minusMinutes(5));

    inbox.cleanUp(1000, soon());

    assertThat(deliver(inbox, id, "order", effect)).isEqualTo(duplicate("order"));
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-11")
  void cleaningUpLeavesADeliveryUnderWayAlone() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId id = freshId();
    String effect = freshName();
    T tx = database().begin();
    once(inbox, tx, id, "order", effect);

    Background<Integer> cleaning = Background.start("clean up", () -> inbox.cleanUp(1000, soon()));
    giveTimeTo(cleaning);
    database().commit(tx);
    resultOf("the end of cleaning up", cleaning);

    assertThat(deliver(inbox, id, "order", effect)).isEqualTo(duplicate("order"));
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-12")
  void oneKeyGivesOneAnswerHoweverManyAskAtTheSameTime() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId key = freshId();
    String effect = freshName();
    CountDownLatch ready = new CountDownLatch(6);
    List<Background<Once<String>>> requests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      requests.add(
          Background.start(
              "request",
              () -> {
                ready.countDown();
                ready.await(10, TimeUnit.SECONDS);
                return deliverUntilKnown(inbox, key, effect);
              }));
    }

    List<Once<String>> answers = new ArrayList<>();
    for (Background<Once<String>> request : requests) {
      answers.add(resultOf("an answer", request));
    }

    assertThat(answers).filteredOn(ran("order")::equals).hasSize(1);
    assertThat(answers).filteredOn(duplicate("order")::equals).hasSize(5);
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-12")
  void theAnswerIsTheSameAfterACrashAndAnotherBodyIsRefused() throws Exception {
    String consumer = freshName();
    MessageId key = freshId();
    String effect = freshName();
    T dying = database().begin();
    once(inbox(options(consumer)), dying, key, "order", effect);
    database().crash(dying);
    assertThat(deliverUntilKnown(inbox(options(consumer)), key, effect)).isEqualTo(ran("order"));

    Inbox<T> restarted = inbox(options(consumer));

    assertThat(deliver(restarted, key, "order", effect)).isEqualTo(duplicate("order"));
    assertThat(deliver(restarted, key, "another", effect)).isInstanceOf(Once.Conflict.class);
    assertThat(database().effects(effect)).isEqualTo(1);
  }

  @Test
  @Proves("INBOX-12")
  void anAnswerThatIsTooBigIsRefusedWithItsEffects() throws Exception {
    Inbox<T> inbox = freshInbox();
    MessageId key = freshId();
    String effect = freshName();
    T tx = database().begin();
    Inbox.Work<Bytes, Exception> work =
        () -> {
          database().effect(tx, effect);
          return Bytes.owning(new byte[Inbox.RESULT_MAX_BYTES + 1]);
        };

    assertThatThrownBy(() -> inbox.once(tx, key, Bytes.utf8("order"), Codec.bytes(), work))
        .isInstanceOf(IllegalArgumentException.class);
    database().commit(tx);

    assertThat(database().effects(effect)).isZero();
    assertThat(deliver(inbox, key, "order", effect)).isEqualTo(ran("order"));
  }

  private static Once<String> ran(String body) {
    return new Once.Ran<>("answer to " + body);
  }

  private static Once<String> duplicate(String body) {
    return new Once.Duplicate<>("answer to " + body);
  }
}
