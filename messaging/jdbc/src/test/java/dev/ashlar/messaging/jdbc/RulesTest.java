package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.SimulatedCrash;
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
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wrong and the right forms of MSG-R1, MSG-R2 and MSG-R16, and what becomes of them. */
class RulesTest {

  private final TestDatabase database = TestDatabase.freshH2("");
  private final JdbcTransactions transactions = JdbcTransactions.of(database.source());
  private final TimeSource time = TimeSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
  private final MessageQueue queue =
      MemoryQueue.of("orders", QueueOptions.capacity(100), time, Observer.none());
  private final JdbcOutbox outbox =
      JdbcOutbox.of(
          database.source(), "orders", JdbcOutboxOptions.defaults(), time, Observer.none());
  private final Inbox<Connection> inbox =
      JdbcInbox.of(
          database.source(),
          new InboxOptions("payment", Duration.ofDays(20), Duration.ofDays(15)),
          Observer.none());

  @BeforeEach
  void tables() throws SQLException {
    database.change("CREATE TABLE charge (order_id VARCHAR)");
    database.change(
        "CREATE TABLE event (number BIGINT GENERATED ALWAYS AS IDENTITY, name VARCHAR)");
  }

  private static Message order() {
    return Message.of(MessageId.next(IdSource.system()), Bytes.utf8("order-17"));
  }

  private static void charge(Connection tx, Message order) throws SQLException {
    insert(tx, "INSERT INTO charge VALUES (?)", order.payload().toUtf8());
  }

  private static void insert(Connection tx, String sql, String value) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      statement.setString(1, value);
      statement.executeUpdate();
    }
  }

  private long charges() throws SQLException {
    return database.number("SELECT COUNT(*) FROM charge");
  }

  // [readme:r1-wrong]
  private Outcome chargeEachTime(Message order) throws SQLException {
    transactions.run(tx -> charge(tx, order)); // Dies behind this line: charged again.
    return Outcome.done();
  }

  // [/readme]

  // [readme:r1-right]
  private Outcome chargeOnce(Message order) throws SQLException {
    Once<Bytes> once = transactions.call(tx -> inbox.once(tx, order, () -> charge(tx, order)));
    return once instanceof Once.Conflict<Bytes>
        ? new Outcome.DeadLetter("another order has this id")
        : Outcome.done();
  }

  // [/readme]

  @Test
  void r1AnEffectWithoutAnInboxHappensForEachDelivery() throws Exception {
    Message order = order();
    queue.send(order, deadline);
    for (int delivery = 1; delivery <= 2; delivery++) {
      Delivery received = queue.receive(1, deadline).get(0);
      assertThat(chargeEachTime(received.message())).isEqualTo(Outcome.done());
      // The process died before it settled; another one receives.
      received.release(deadline);
    }
    assertThat(charges()).isEqualTo(2);

    assertThat(chargeOnce(order)).isEqualTo(Outcome.done());
    assertThat(chargeOnce(order)).isEqualTo(Outcome.done());
    assertThat(charges()).isEqualTo(3);
    assertThat(chargeOnce(Message.of(order.id(), Bytes.utf8("order-18"))))
        .isInstanceOf(Outcome.DeadLetter.class);
  }

  private static void death() {
    throw new SimulatedCrash("between the two writes");
  }

  private void placeInTwoWrites(Message order) throws Exception {
    // [readme:r2-wrong]
    transactions.run(tx -> charge(tx, order));
    death(); // A process can end between any two lines.
    queue.send(order, deadline);
    // [/readme]
  }

  private void placeInOne(Message order) throws Exception {
    // [readme:r2-right]
    transactions.run(
        tx -> {
          charge(tx, order);
          outbox.add(tx, "orders", order); // A row, committed with the others or not at all.
        });
    death();
    // [/readme]
  }

  @Test
  void r2OfTwoWritesOneIsMissingWhenTheProcessDiesInBetween() throws Exception {
    assertThatThrownBy(() -> placeInTwoWrites(order())).isInstanceOf(SimulatedCrash.class);
    assertThat(charges()).isEqualTo(1);
    assertThat(queue.receive(1, Deadline.after(Duration.ZERO, time))).isEmpty();

    Message order = order();
    assertThatThrownBy(() -> placeInOne(order)).isInstanceOf(SimulatedCrash.class);
    assertThat(charges()).isEqualTo(2);
    assertThat(published(1)).containsExactly(order.id());
  }

  private List<MessageId> published(int count) throws InterruptedException {
    List<MessageId> ids = new ArrayList<>();
    RelayOptions options = RelayOptions.of("relay", time, Observer.none());
    try (OutboxRelay relay = OutboxRelay.start(outbox, name -> Optional.of(queue), options)) {
      while (ids.size() < count) {
        relay.wake();
        for (Delivery each : queue.receive(count, deadline)) {
          ids.add(each.message().id());
          each.settle(Outcome.done(), deadline);
        }
      }
    }
    return ids;
  }

  // [readme:r16-wrong]
  private List<Long> numbersAbove(long last) throws SQLException {
    return numbers("SELECT number FROM event WHERE number > ? ORDER BY number", last);
  }

  // [/readme]

  private List<Long> numbers(String sql, long last) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (Connection tx = database.direct().getConnection();
        PreparedStatement select = tx.prepareStatement(sql)) {
      select.setLong(1, last);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          numbers.add(rows.getLong(1));
        }
      }
    }
    return numbers;
  }

  private static final String EVENT = "INSERT INTO event (name) VALUES (?)";

  @Test
  void r16ARowThatCommitsLateIsNeverSeenByNumber() throws Exception {
    try (Connection slow = database.direct().getConnection();
        Connection fast = database.direct().getConnection()) {
      slow.setAutoCommit(false);
      fast.setAutoCommit(false);
      insert(slow, EVENT, "drawn first");
      insert(fast, EVENT, "committed first");
      fast.commit();

      assertThat(numbersAbove(0)).containsExactly(2L);
      slow.commit();
      assertThat(numbersAbove(2)).as("number 1 is there, and nobody looks").isEmpty();
    }
  }

  @Test
  void r16ARowOfAnOutboxThatCommitsLateIsSent() throws Exception {
    Message first = order();
    Message second = order();
    try (Connection slow = database.direct().getConnection()) {
      slow.setAutoCommit(false);
      outbox.add(slow, "orders", first);
      // [readme:r16-right]
      transactions.run(tx -> outbox.add(tx, "orders", second)); // A relay marks what it has sent.
      // [/readme]
      assertThat(published(1)).containsExactly(second.id());
      slow.commit();
    }
    assertThat(published(1)).containsExactly(first.id());
  }
}
