package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What transactions do, on each database. */
abstract class JdbcTransactionsProperties {

  private final TestDatabase database;
  private final BusinessTables business;
  private final String effect = Fixtures.freshName();
  private final int lentBefore;

  JdbcTransactionsProperties(TestDatabase database) throws SQLException {
    this.database = database;
    business = new BusinessTables(database);
    lentBefore = database.source().lent();
  }

  private JdbcTransactions transactions() {
    return JdbcTransactions.of(database.source());
  }

  @AfterEach
  void everyConnectionWasGivenBackAsItCame() throws SQLException {
    assertThat(database.source().lent()).isEqualTo(lentBefore);
    try (Connection connection = database.source().getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @Test
  void whatTheWorkReturnsComesBackOnceItIsCommitted() throws SQLException {
    int answer =
        transactions()
            .call(
                tx -> {
                  business.effect(tx, effect);
                  return 42;
                });

    assertThat(answer).isEqualTo(42);
    assertThat(business.effects(effect)).isEqualTo(1);
  }

  @Test
  void whatTheWorkThrowsComesOutAfterARollback() throws SQLException {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                transactions()
                    .run(
                        tx -> {
                          business.effect(tx, effect);
                          throw new IOException("no disk");
                        }))
        .withMessage("no disk");
    assertThatThrownBy(
            () ->
                transactions()
                    .run(
                        tx -> {
                          business.effect(tx, effect);
                          throw new AssertionError("a bug");
                        }))
        .isInstanceOf(AssertionError.class);

    assertThat(business.effects(effect)).isZero();
  }

  @Test
  void aFailingStatementIsABackendExceptionWithoutEffect() throws SQLException {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                transactions()
                    .run(
                        tx -> {
                          business.effect(tx, effect);
                          business.effect(tx, "x".repeat(101));
                        }))
        .satisfies(e -> assertThat(e.effect()).isEqualTo(Effect.NONE))
        .satisfies(e -> assertThat(e.advice()).isEqualTo(new Advice.Permanent()))
        .withMessage("transaction: SQLSTATE 22001");

    assertThat(business.effects(effect)).isZero();
  }

  @Test
  void aConnectionThatIsCutBeforeTheCommitHasNoEffect() throws SQLException {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                transactions()
                    .run(
                        tx -> {
                          business.effect(tx, effect);
                          business.crash(tx);
                          business.effect(tx, effect);
                        }))
        .satisfies(e -> assertThat(e.effect()).isEqualTo(Effect.NONE));

    assertThat(business.effects(effect)).isZero();
  }

  @Test
  void aCommitThatFailsWithoutAnAnswerIsUnknown() throws SQLException {
    JdbcTransactions losing = JdbcTransactions.of(new AnswersLost(database.source()).source());

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> losing.run(tx -> business.effect(tx, effect)))
        .satisfies(e -> assertThat(e.effect()).isEqualTo(Effect.UNKNOWN));

    assertThat(business.effects(effect)).as("it was committed").isEqualTo(1);
  }

  @Test
  void aDeadlineThatIsOverIsRefusedBeforeAnythingIsAsked() {
    JdbcTransactions unreachable =
        JdbcTransactions.of(new SettingSource(database.source(), "this is no statement").source());

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> unreachable.run(Fixtures.over(), tx -> business.effect(tx, effect)))
        .satisfies(e -> assertThat(e.effect()).isEqualTo(Effect.NONE))
        .withMessage("transaction: deadline is over");
  }

  @Test
  void aWaitForALockEnds() throws SQLException {
    Connection other = business.begin();
    business.lock(other, effect);
    long start = Fixtures.TIME.nanos();

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                transactions()
                    .run(Fixtures.in(Duration.ofMillis(300)), tx -> business.lock(tx, effect)))
        .satisfies(e -> assertThat(e.effect()).isEqualTo(Effect.NONE))
        .satisfies(e -> assertThat(e.advice()).isEqualTo(new Advice.Transient()));

    assertThat(Fixtures.since(start)).isLessThan(Duration.ofSeconds(10));
    business.rollback(other);
  }

  @Test
  void theBoundOnAStatementIsBounded() {
    assertThatThrownBy(() -> transactions().withStatementMax(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("statementMax: PT0S (expected: PT0.001S to PT24H)");
  }

  @Test
  void aConnectionThatDoesNotCommitByItselfIsAsGood() throws SQLException {
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      connection.setAutoCommit(false);
    }
    transactions().withStatementMax(Duration.ofSeconds(5)).run(tx -> business.effect(tx, effect));

    assertThat(business.effects(effect)).isEqualTo(1);
  }
}
