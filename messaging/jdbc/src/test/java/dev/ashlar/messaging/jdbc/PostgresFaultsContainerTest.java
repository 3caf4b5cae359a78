package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ContainerTest;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.jdbc.PostgresInContainer.Fault;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Orders written with an outbox, handled behind an inbox, while their database is paused, killed or
 * cut off at the two moments that cost money: after the business commit, and after the effect.
 * Whatever happens each order has its effect once.
 */
@ContainerTest
class PostgresFaultsContainerTest {

  private static final int ORDERS = 40;
  private static final int FAULT_AT = 3;
  private static final Duration FAULT_LASTS = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String AFTER_COMMIT = "outbox.due";
  private static final String AFTER_EFFECT = "consumer.handled";

  private static PostgresInContainer server;

  private final TimeSource time = TimeSource.system();
  private final IdSource ids = IdSource.of(time, new SplittableRandom());
  private final QueueOptions options =
      QueueOptions.capacity(1000).withVisibility(Duration.ofSeconds(2)).withAttemptsMax(100);

  @BeforeAll
  static void startServer() {
    server = new PostgresInContainer();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aPauseBetweenCommitAndRelayLosesAndDoublesNothing() throws Exception {
    everyOrderHasItsEffectOnce(Fault.PAUSE, AFTER_COMMIT);
  }

  @Test
  void aPauseBetweenEffectAndSettlementLosesAndDoublesNothing() throws Exception {
    everyOrderHasItsEffectOnce(Fault.PAUSE, AFTER_EFFECT);
  }

  @Test
  void aKillBetweenCommitAndRelayLosesAndDoublesNothing() throws Exception {
    everyOrderHasItsEffectOnce(Fault.KILL, AFTER_COMMIT);
  }

  @Test
  void aKillBetweenEffectAndSettlementLosesAndDoublesNothing() throws Exception {
    everyOrderHasItsEffectOnce(Fault.KILL, AFTER_EFFECT);
  }

  @Test
  void aCutNetworkBetweenCommitAndRelayLosesAndDoublesNothing() throws Exception {
    everyOrderHasItsEffectOnce(Fault.CUT, AFTER_COMMIT);
  }

  @Test
  void aCutNetworkBetweenEffectAndSettlementLosesAndDoublesNothing() throws Exception {
    everyOrderHasItsEffectOnce(Fault.CUT, AFTER_EFFECT);
  }

  private void everyOrderHasItsEffectOnce(Fault fault, String step) throws Exception {
    server.awaitAnswer();
    DataSource source = server.dataSource();
    freshTables(source);
    FaultAt faultAt = new FaultAt(fault, step);
    try (MessageQueue queue = JdbcQueue.of(source, "orders", options, time, faultAt)) {
      JdbcOutbox outbox =
          JdbcOutbox.of(source, "orders", JdbcOutboxOptions.defaults(), time, faultAt);
      RelayOptions relaying =
          RelayOptions.of("relay-1", time, faultAt)
              .withBatch(5)
              .withTurn(Duration.ofSeconds(8), Duration.ofSeconds(4));
      try (OutboxRelay relay = OutboxRelay.start(outbox, name -> Optional.of(queue), relaying);
          Consumer consumer =
              Consumer.start(queue, handler(source, queue, outbox), consuming(faultAt))) {
        for (int i = 0; i < ORDERS; i++) {
          place(source, outbox, i);
        }
        try {
          Eventually.holds(
              "every effect is there", PATIENCE, () -> effects(source).size() == ORDERS);
          faultAt.awaitEnd();
          Eventually.holds("nothing waits", PATIENCE, () -> isQuiet(queue, outbox));
        } catch (AssertionError e) {
          String where = where(source, queue, outbox);
          throw new AssertionError(
              e.getMessage() + ": " + where + relay.isRunning() + " " + consumer.state(), e);
        }
        assertThat(relay.isRunning()).isTrue();
        assertThat(consumer.state()).isEqualTo(Consumer.State.RUNNING);
      }
    }
    assertThat(effects(source)).hasSize(ORDERS).allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
  }

  /** For whoever has to explain a failure. */
  private String where(DataSource source, MessageQueue queue, JdbcOutbox outbox) throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(4), time);
    try {
      return String.format(
          "%d effects, %s, %d in the outbox, ",
          effects(source).size(), queue.depth(deadline), outbox.backlog(deadline));
    } catch (BackendException e) {
      return "no answer (" + e.getMessage() + "), ";
    }
  }

  private Handler handler(DataSource source, MessageQueue queue, JdbcOutbox outbox) {
    Duration horizon =
        queue.guarantees().redeliveryHorizon().plus(outbox.options().republishWindow());
    Inbox<Connection> inbox =
        JdbcInbox.of(source, new InboxOptions("effects", horizon, horizon), Observer.none());
    JdbcTransactions transactions = JdbcTransactions.of(source);
    return (message, context) -> {
      transactions.run(tx -> inbox.once(tx, message, () -> addEffect(tx, message)));
      return Outcome.done();
    };
  }

  private ConsumerOptions consuming(Observer observer) {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            ids,
            time,
            observer);
    return ConsumerOptions.of("effects", receiver, new SplittableRandom(1))
        .withConcurrency(2, 4)
        .withRetry(Duration.ofMillis(100), Duration.ofSeconds(1));
  }

  /** An honest client: after an unknown commit it tries again under the same order id. */
  private void place(DataSource source, JdbcOutbox outbox, int number) throws Exception {
    Message message = Message.of(MessageId.next(ids), Bytes.utf8("o-" + number));
    JdbcTransactions transactions = JdbcTransactions.of(source);
    Eventually.holds(
        "order " + number + " is placed",
        PATIENCE,
        () -> {
          try {
            transactions.run(tx -> insertOrder(tx, outbox, number, message));
            return true;
          } catch (BackendException e) {
            return false;
          }
        });
  }

  private static void insertOrder(Connection tx, JdbcOutbox outbox, int number, Message message)
      throws SQLException {
    try (PreparedStatement insert =
        tx.prepareStatement("INSERT INTO orders (id) VALUES (?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, "o-" + number);
      if (insert.executeUpdate() == 1) {
        outbox.add(tx, "orders", message);
      }
    }
  }

  private static void addEffect(Connection tx, Message message) throws SQLException {
    try (PreparedStatement insert = tx.prepareStatement("INSERT INTO effects VALUES (?)")) {
      insert.setString(1, message.payload().toUtf8());
      insert.executeUpdate();
    }
  }

  private static void freshTables(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA public CASCADE");
      statement.execute("CREATE SCHEMA public");
      statement.execute("CREATE TABLE orders (id text PRIMARY KEY)");
      statement.execute("CREATE TABLE effects (id text NOT NULL)");
    }
    JdbcSchema.create(source);
  }

  private static Map<String, Integer> effects(DataSource source) {
    Map<String, Integer> counts = new TreeMap<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM effects")) {
      while (rows.next()) {
        counts.merge(rows.getString(1), 1, Integer::sum);
      }
    } catch (SQLException e) {
      counts.clear();
    }
    return counts;
  }

  private boolean isQuiet(MessageQueue queue, JdbcOutbox outbox) throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(4), time);
    try {
      return queue.depth(deadline).equals(new MessageQueue.Depth(0, 0, 0))
          && outbox.backlog(deadline) == 0;
    } catch (BackendException e) {
      return false;
    }
  }

  /**
   * Begins a fault when a step has come for the third time, in that very moment, and ends it later.
   */
  private final class FaultAt implements Observer {
    private final Fault fault;
    private final String step;
    private int seen;
    private volatile boolean ended;

    FaultAt(Fault fault, String step) {
      this.fault = fault;
      this.step = step;
    }

    @Override
    public void step(String name) {
      if (name.equals(step) && isTheOne()) {
        fault.begin(server);
        Thread healer = new Thread(this::endLater, "healer");
        healer.setDaemon(true);
        healer.start();
      }
    }

    private synchronized boolean isTheOne() {
      seen++;
      return seen == FAULT_AT;
    }

    private void endLater() {
      try {
        time.sleep(FAULT_LASTS);
        fault.end(server);
        ended = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void awaitEnd() throws Exception {
      Eventually.holds("the fault came and went", PATIENCE, () -> ended);
    }
  }
}
