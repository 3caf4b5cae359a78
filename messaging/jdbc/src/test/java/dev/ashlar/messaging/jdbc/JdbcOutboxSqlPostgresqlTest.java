package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.TIME;
import static dev.ashlar.messaging.jdbc.Fixtures.freshName;
import static dev.ashlar.messaging.jdbc.Fixtures.message;
import static dev.ashlar.messaging.jdbc.Fixtures.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore.Turn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class JdbcOutboxSqlPostgresqlTest extends JdbcOutboxSqlProperties {

  JdbcOutboxSqlPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }

  @Test
  void aRelayThatIsPausedAnywhereHasNothingLocked() throws Exception {
    LendingSource source = TestDatabase.postgresql().source();
    JdbcOutbox outbox =
        JdbcOutbox.of(source, freshName(), JdbcOutboxOptions.defaults(), TIME, Observer.none());
    JdbcTransactions.of(source)
        .run(
            tx -> {
              outbox.add(tx, "orders", message("one"));
              outbox.add(tx, "orders", message("two"));
            });
    int before = source.transactions();

    Turn turn = outbox.takeTurn("relay", Duration.ofMinutes(1), soon()).orElseThrow();
    List<OutboxRow> rows = outbox.due(turn, 100, soon());
    outbox.failed(turn, rows.get(0).number(), "no", Optional.empty(), soon());
    outbox.sent(turn, List.of(rows.get(1).number()), soon());
    outbox.cleanUp(100, soon());
    outbox.giveBack(turn, soon());

    assertThat(source.transactions())
        .as("a statement that commits by itself locks nothing once it is answered")
        .isEqualTo(before);
  }
}
