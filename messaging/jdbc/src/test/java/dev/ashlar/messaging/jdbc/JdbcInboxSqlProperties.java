package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.background;
import static dev.ashlar.messaging.jdbc.Fixtures.freshName;
import static dev.ashlar.messaging.jdbc.Fixtures.message;
import static dev.ashlar.messaging.jdbc.Fixtures.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract of inboxes does not ask, because it is a matter of SQL. */
abstract class JdbcInboxSqlProperties {

  private final TestDatabase database;
  private final BusinessTables business;
  private final InboxOptions options =
      new InboxOptions(freshName(), Duration.ofDays(2), Duration.ofDays(1));
  private final String effect = freshName();
  private final int lentBefore;

  JdbcInboxSqlProperties(TestDatabase database) throws SQLException {
    this.database = database;
    business = new BusinessTables(database);
    lentBefore = database.source().lent();
  }

  @AfterEach
  void everyConnectionWasGivenBack() {
    assertThat(database.source().lent()).isEqualTo(lentBefore);
  }

  private JdbcInbox inbox(Observer observer) {
    return JdbcInbox.of(database.source(), options, observer);
  }

  private JdbcInbox inbox() {
    return inbox(Observer.none());
  }

  private JdbcTransactions transactions() {
    return JdbcTransactions.of(database.source());
  }

  @Test
  void aConnectionThatCommitsEachStatementIsRefused() throws SQLException {
    try (Connection connection = database.source().getConnection()) {
      assertThatThrownBy(
              () ->
                  inbox().once(connection, message("x"), () -> business.effect(connection, effect)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("commits each statement");
    }
    assertThat(business.effects(effect)).isZero();
  }

  @Test
  void insideATransactionTheLibraryIsOneLine() throws SQLException {
    JdbcInbox inbox = inbox();
    Message message = message("order");
    for (int i = 0; i < 2; i++) {
      transactions().run(tx -> inbox.once(tx, message, () -> business.effect(tx, effect)));
    }
    assertThat(business.effects(effect)).isEqualTo(1);
  }

  @Test
  void aWorkWhoseStatementFailsLeavesTheTransactionUsable() throws SQLException {
    CountingObserver observer = new CountingObserver();
    JdbcInbox inbox = inbox(observer);
    Message message = message("order");
    Connection tx = business.begin();

    assertThatThrownBy(() -> inbox.once(tx, message, () -> business.effect(tx, "x".repeat(101))))
        .isInstanceOf(SQLException.class);
    inbox.once(tx, message, () -> business.effect(tx, effect));
    business.commit(tx);

    assertThat(business.effects(effect)).isEqualTo(1);
    transactions().run(again -> inbox.once(again, message, () -> business.effect(again, effect)));
    assertThat(observer.count("inbox.duplicate")).isEqualTo(1);
  }

  @Test
  void aCrashAtEachStepLeavesNeitherIdNorEffect() throws SQLException {
    for (String step : List.of("inbox.recorded", "inbox.worked", "inbox.ended")) {
      Message message = message("order");
      String effectOfStep = freshName();
      JdbcInbox dying = inbox(CrashAt.named(step));

      assertThatThrownBy(
              () ->
                  transactions()
                      .run(tx -> dying.once(tx, message, () -> business.effect(tx, effectOfStep))))
          .isInstanceOf(SimulatedCrash.class);
      assertThat(business.effects(effectOfStep)).as(step).isZero();

      transactions().run(tx -> inbox().once(tx, message, () -> business.effect(tx, effectOfStep)));
      assertThat(business.effects(effectOfStep)).isEqualTo(1);
    }
  }

  @Test
  void aResultOfSomeSizeIsRecalled() {
    MessageId id = message("x").id();
    Bytes answer = Bytes.owning(new byte[64 << 10]);
    for (int i = 0; i < 2; i++) {
      Once<Bytes> once =
          transactions()
              .call(tx -> inbox().once(tx, id, Bytes.utf8("body"), Codec.bytes(), () -> answer));
      assertThat(once).isEqualTo(i == 0 ? new Once.Ran<>(answer) : new Once.Duplicate<>(answer));
    }
  }

  @Test
  void theWaitForATransactionWithTheSameIdEnds() throws Exception {
    Message message = message("order");
    Connection first = business.begin();
    inbox().once(first, message, () -> business.effect(first, effect));

    FutureTask<BackendException> second =
        background(
            () -> {
              try {
                transactions()
                    .withStatementMax(Duration.ofMillis(500))
                    .run(tx -> inbox().once(tx, message, () -> business.effect(tx, effect)));
                throw new AssertionError("ran twice");
              } catch (BackendException e) {
                return e;
              }
            });

    assertThat(second.get().effect()).isEqualTo(Effect.NONE);
    assertThat(second.get().advice()).isEqualTo(new Advice.Transient());
    business.commit(first);
    assertThat(business.effects(effect)).isEqualTo(1);
  }

  @Test
  void cleaningUpIsBoundedAndAsksForABound() throws Exception {
    for (int i = 0; i < 5; i++) {
      Message message = message("order");
      transactions().run(tx -> inbox().once(tx, message, () -> business.effect(tx, effect)));
    }
    database.change(
        "UPDATE ashlar_inbox SET recorded_at = recorded_at - INTERVAL '3' DAY WHERE consumer = ?",
        options.consumer());

    assertThat(inbox().cleanUp(3, soon())).isEqualTo(3);
    assertThat(inbox().cleanUp(3, soon())).isEqualTo(2);
    assertThatThrownBy(() -> inbox().cleanUp(0, soon())).hasMessageContaining("most: 0");
    assertThatThrownBy(() -> inbox().cleanUp(1, Fixtures.over()))
        .isInstanceOf(BackendException.class);
  }
}
