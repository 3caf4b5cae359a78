package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlFailureTest {

  private static final Advice TRANSIENT = new Advice.Transient();
  private static final Advice PERMANENT = new Advice.Permanent();

  private static SQLException state(String state) {
    return new SQLException("secret value", state);
  }

  @Test
  void whatFailsBeforeTheCommitHasNoEffectWhateverItWas() {
    for (String state : List.of("08006", "40001", "57014", "XX000", "22001")) {
      assertThat(SqlFailure.beforeCommit("x", state(state)).effect()).isEqualTo(Effect.NONE);
    }
  }

  @Test
  void aCommitThatTheDatabaseDidNotRefuseIsUnknown() {
    for (String state : List.of("08006", "08007", "40003", "57P01", "58000", "XX000", "90067")) {
      assertThat(SqlFailure.atCommit("x", state(state)).effect())
          .as(state)
          .isEqualTo(Effect.UNKNOWN);
    }
    for (String state : List.of("23503", "25P02", "40001", "40P01")) {
      assertThat(SqlFailure.atCommit("x", state(state)).effect()).as(state).isEqualTo(Effect.NONE);
    }
  }

  @Test
  void aStatementThatCommitsByItselfHasNoEffectOnlyIfTheDatabaseSaysSo() {
    for (String state : List.of("23505", "22001", "40001", "42P01", "53200", "55P03", "HYT00")) {
      assertThat(SqlFailure.ofStatement("x", state(state)).effect())
          .as(state)
          .isEqualTo(Effect.NONE);
    }
    for (String state : List.of("08006", "40003", "57014", "57P01", "58030", "", "90098")) {
      assertThat(SqlFailure.ofStatement("x", state(state)).effect())
          .as(state)
          .isEqualTo(Effect.UNKNOWN);
    }
  }

  @Test
  void theAdviceFollowsTheClassOfTheState() {
    for (String state : List.of("08006", "40001", "55P03", "57P01", "HYT00", "90098", "90020")) {
      assertThat(SqlFailure.advice(state(state))).as(state).isEqualTo(TRANSIENT);
    }
    for (String state : List.of("28P01", "42P01", "22001", "23514", "3D000", "90046")) {
      assertThat(SqlFailure.advice(state(state))).as(state).isEqualTo(PERMANENT);
    }
    assertThat(SqlFailure.advice(state("53300"))).isEqualTo(new Advice.Overloaded(Duration.ZERO));
    assertThat(SqlFailure.advice(new SQLTransientConnectionException("pool is empty")))
        .isEqualTo(TRANSIENT);
  }

  @Test
  void theMessageNamesTheStateAndNotTheDriversTextWhichMayQuoteValues() {
    BackendException failure = SqlFailure.ofStatement("queue orders: send", state("22001"));

    assertThat(failure).hasMessage("queue orders: send: SQLSTATE 22001");
    assertThat(SqlFailure.ofStatement("x", new SQLException("secret")))
        .hasMessage("x: SQLSTATE unknown");
  }
}
