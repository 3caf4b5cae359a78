package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.TIME;
import static dev.ashlar.messaging.jdbc.Fixtures.freshName;
import static dev.ashlar.messaging.jdbc.Fixtures.message;
import static dev.ashlar.messaging.jdbc.Fixtures.soon;
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
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract of outboxes does not ask, because it is a matter of SQL or of operation. */
abstract class JdbcOutboxSqlProperties {

  private final TestDatabase database;
  private final String name = freshName();
  private final int lentBefore;
  private final JdbcOutbox outbox;

  JdbcOutboxSqlProperties(TestDatabase database) {
    this.database = database;
    lentBefore = database.source().lent();
    outbox = outbox(JdbcOutboxOptions.defaults(), Observer.none());
  }

  @AfterEach
  void everyConnectionWasGivenBack() {
    assertThat(database.source().lent()).isEqualTo(lentBefore);
  }

  private JdbcOutbox outbox(JdbcOutboxOptions options, Observer observer) {
    return JdbcOutbox.of(database.source(), name, options, TIME, observer);
  }

  private Message add(Message message) {
    JdbcTransactions.of(database.source()).run(tx -> outbox.add(tx, "orders", message));
    return message;
  }

  private Turn turn(JdbcOutbox store) throws InterruptedException {
    return store.takeTurn("relay", Duration.ofMinutes(1), soon()).orElseThrow();
  }

  private List<OutboxRow> due() throws InterruptedException {
    return outbox.due(turn(outbox), 100, soon());
  }

  private static List<Message> messages(List<OutboxRow> rows) {
    return rows.stream().map(OutboxRow::message).toList();
  }

  private void age(String column, Duration by) throws SQLException {
    database.age("ashlar_outbox", column, by);
  }

  @Test
  void aConnectionThatCommitsEachStatementIsRefused() throws SQLException {
    try (Connection connection = database.source().getConnection()) {
      assertThatThrownBy(() -> outbox.add(connection, "orders", message("x")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("commits each statement");
    }
  }

  @Test
  void aSentRowIsGoneAtOnceWithoutARetention() throws Exception {
    add(message("one"));
    List<OutboxRow> rows = due();

    assertThat(outbox.sent(turn(outbox), List.of(rows.get(0).number()), soon())).isTrue();

    assertThat(rows()).isZero();
    assertThat(outbox.sent(turn(outbox), List.of(rows.get(0).number()), soon()))
        .as("noted before, and the turn goes on")
        .isTrue();
  }

  private long rows() throws SQLException {
    return database.number("SELECT COUNT(*) FROM ashlar_outbox WHERE outbox = ?", name);
  }

  @Test
  void aRowThatWasPerhapsSentLongAgoIsParkedBecauseAnInboxMayHaveForgottenIt() throws Exception {
    CountingObserver observer = new CountingObserver();
    JdbcOutbox watched = outbox(JdbcOutboxOptions.defaults(), observer);
    Message tried = add(message("tried").withKey("k"));
    Message behind = add(message("behind").withKey("k"));
    assertThat(messages(watched.due(turn(watched), 1, soon()))).containsExactly(tried);
    Message untried = add(message("untried"));
    age("first_try_at", Duration.ofDays(7).plusMinutes(1));
    age("created_at", Duration.ofDays(30));

    assertThat(messages(watched.due(turn(watched), 100, soon()))).containsExactly(untried);

    JdbcOutbox.Parked parked = watched.parked(10, soon()).get(0);
    assertThat(parked.messageId()).isEqualTo(tried.id().value());
    assertThat(parked.cause()).contains("PT168H");
    assertThat(observer.count("outbox.late")).isEqualTo(1);
    assertThat(watched.backlog(soon())).isEqualTo(3);

    assertThat(watched.retry(parked.number(), soon())).isTrue();
    assertThat(messages(due())).containsExactly(tried, behind, untried);
  }

  @Test
  void aRowIsStampedBeforeAnybodyCanSendIt() throws Exception {
    Message message = add(message("one"));
    JdbcOutbox dying = outbox(JdbcOutboxOptions.defaults(), CrashAt.named("outbox.stamped"));

    assertThatThrownBy(() -> dying.due(turn(dying), 10, soon())).isInstanceOf(SimulatedCrash.class);

    assertThat(
            database.number(
                "SELECT COUNT(*) FROM ashlar_outbox WHERE outbox = ? AND first_try_at IS NOT NULL",
                name))
        .isEqualTo(1);
    assertThat(messages(due())).containsExactly(message);
  }

  @Test
  void anUnreadableRowIsParkedAloneAndHoldsItsKeyBack() throws Exception {
    CountingObserver observer = new CountingObserver();
    JdbcOutbox watched = outbox(JdbcOutboxOptions.defaults(), observer);
    Message broken = add(message("broken").withKey("k"));
    add(message("behind").withKey("k"));
    Message other = add(message("other").withKey("j"));
    database.change(
        "UPDATE ashlar_outbox SET headers = 'no' WHERE message_id = ?", broken.id().value());

    assertThat(messages(watched.due(turn(watched), 100, soon()))).containsExactly(other);
    assertThat(messages(watched.due(turn(watched), 100, soon()))).containsExactly(other);

    JdbcOutbox.Parked parked = watched.parked(10, soon()).get(0);
    assertThat(parked.destination()).isEqualTo("orders");
    assertThat(parked.cause()).startsWith("unreadable: ");
    assertThat(observer.count("outbox.unreadable")).isEqualTo(1);
    assertThat(watched.discard(parked.number(), soon())).isTrue();
    assertThat(watched.discard(parked.number(), soon())).isFalse();
    assertThat(due()).hasSize(2);
  }

  @Test
  void manyUnreadableRowsDoNotHideTheOneBehindThem() throws Exception {
    for (int i = 0; i < 5; i++) {
      add(message("broken"));
    }
    database.change("UPDATE ashlar_outbox SET headers = 'no' WHERE outbox = ?", name);
    Message fine = add(message("fine"));

    assertThat(messages(outbox.due(turn(outbox), 2, soon()))).containsExactly(fine);
  }

  @Test
  void aFailedRowWaitsWithItsKeyAndAGivenUpOneIsParked() throws Exception {
    Message first = add(message("first").withKey("k"));
    Message second = add(message("second").withKey("k"));
    Turn turn = turn(outbox);
    long number = due().get(0).number();

    outbox.failed(turn, number, "down", Optional.of(Duration.ofMinutes(1)), soon());
    assertThat(due()).isEmpty();
    age("next_at", Duration.ofMinutes(2));
    assertThat(messages(due())).containsExactly(first, second);
    assertThat(due().get(0).attempts()).isEqualTo(1);

    assertThat(outbox.failed(turn, number, "refused", Optional.empty(), soon())).isTrue();
    assertThat(due()).isEmpty();
    assertThat(outbox.parked(10, soon()))
        .containsExactly(new JdbcOutbox.Parked(number, "orders", first.id().value(), 2, "refused"));
    assertThat(outbox.retry(number, soon())).isTrue();
    assertThat(due().get(0).attempts()).isZero();
    assertThat(outbox.retry(number, soon())).isFalse();
  }

  @Test
  void keysOfDifferentDestinationsDoNotWaitForEachOther() throws Exception {
    add(message("one").withKey("k"));
    Message other = message("other").withKey("k");
    JdbcTransactions.of(database.source()).run(tx -> outbox.add(tx, "invoices", other));
    List<OutboxRow> rows = due();

    outbox.failed(turn(outbox), rows.get(0).number(), "no", Optional.empty(), soon());

    assertThat(messages(due())).containsExactly(other);
  }

  @Test
  void timeInTheOutboxCountsForAMessageThatExpires() throws Exception {
    add(message("fresh").withTimeToLive(Duration.ofMinutes(10)));
    add(message("endless"));
    age("created_at", Duration.ofMinutes(4));

    List<Message> aged = messages(due());

    assertThat(aged.get(0).timeToLive().orElseThrow())
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
    assertThat(aged.get(1).timeToLive()).isEmpty();
  }

  @Test
  void whatExpiredInTheOutboxIsStillSentSoThatItsQueueCountsIt() throws Exception {
    CountingObserver observer = new CountingObserver();
    Message old = add(message("old").withTimeToLive(Duration.ofMinutes(1)));
    age("created_at", Duration.ofHours(1));
    JdbcQueue queue =
        Fixtures.queue(database, dev.ashlar.messaging.QueueOptions.capacity(10), observer);

    queue.send(messages(due()).get(0), soon());

    Eventually.holds(
        "expiry",
        Fixtures.PATIENCE,
        () -> queue.receive(1, Fixtures.over()).isEmpty() && queue.depth(soon()).dead() == 1);
    DeadLetters.Entry entry = queue.deadLetters().list(1, soon()).get(0);
    assertThat(entry.message().id()).isEqualTo(old.id());
    assertThat(observer.count("queue.expired")).isEqualTo(1);
  }

  @Test
  void aFullBacklogRefusesBeforeTheTransactionCommits() {
    JdbcOutbox small =
        outbox(JdbcOutboxOptions.defaults().withBacklogMax(3), new CountingObserver());

    assertThatThrownBy(
            () ->
                JdbcTransactions.of(database.source())
                    .run(
                        tx ->
                            IntStream.range(0, 4)
                                .forEach(i -> small.add(tx, "orders", message("" + i)))))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.effect()).isEqualTo(Effect.NONE);
              assertThat(e.advice()).isInstanceOf(Advice.Overloaded.class);
              assertThat(e).hasMessageContaining("expected: below 3 unsent rows");
            });
  }

  @Test
  void theContextIsOfWhoWroteTheMessage() throws Exception {
    CallContext context = CallContext.root(Fixtures.IDS, soon(), "test");
    context.run(() -> add(message("one")));

    assertThat(due().get(0).message().headers().first(CallContext.CORRELATION_HEADER))
        .contains(context.correlation().value());
  }

  @Test
  void theTurnPassesOnWhenItIsGivenBack() throws Exception {
    Turn first = outbox.takeTurn("one", Duration.ofMinutes(1), soon()).orElseThrow();
    assertThat(outbox.takeTurn("one", Duration.ofMinutes(1), soon())).contains(first);
    assertThat(outbox.takeTurn("other", Duration.ofMinutes(1), soon())).isEmpty();

    outbox.giveBack(first, soon());

    Turn second = outbox.takeTurn("other", Duration.ofMinutes(1), soon()).orElseThrow();
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(outbox.due(first, 10, soon())).isEmpty();
    assertThat(outbox.failed(first, 1, "late", Optional.empty(), soon())).isFalse();
    outbox.giveBack(first, soon());
    assertThat(outbox.takeTurn("one", Duration.ofMinutes(1), soon())).isEmpty();
  }

  @Test
  void whatIsOutOfBoundsIsRefusedByName() {
    Message big =
        Message.of(
            MessageId.next(Fixtures.IDS), Bytes.owning(new byte[JdbcSchema.H2_BYTES_MAX + 1]));
    assertThatThrownBy(() -> add(big)).hasMessageContaining("payload: 1048577 bytes");
    assertThatThrownBy(
            () ->
                JdbcTransactions.of(database.source())
                    .run(tx -> outbox.add(tx, "no name", message("x"))))
        .hasMessageContaining("destination: 7 characters");
    assertThatThrownBy(() -> JdbcOutboxOptions.defaults().withBacklogMax(0))
        .hasMessageContaining("backlogMax: 0");
    assertThatThrownBy(() -> JdbcOutboxOptions.defaults().withRetention(Duration.ofSeconds(-1)))
        .hasMessageContaining("retention: PT-1S");
    assertThatThrownBy(() -> JdbcOutboxOptions.defaults().withRepublishWindow(Duration.ZERO))
        .hasMessageContaining("republishWindow: PT0S");
  }
}
