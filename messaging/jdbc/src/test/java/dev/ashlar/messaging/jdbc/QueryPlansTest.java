package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That what is asked all the time is answered from indexes, also with a backlog. */
class QueryPlansTest {

  private static final String MESSAGE_COLUMNS = "message_id, ordering_key, headers, payload,";

  @Test
  void h2WalksTheIndexUntilItHasEnough() throws SQLException {
    TestDatabase database = TestDatabase.freshH2("");
    fill(database, "SYSTEM_RANGE(1, 2000)", "X'00'");

    String claim = plan(database, "EXPLAIN " + QueueTable.find(false), 5, "q", "q", 50);
    String parking = plan(database, "EXPLAIN " + QueueTable.find(true), 5, "q", "q", 50);
    String due = plan(database, "EXPLAIN " + OutboxTable.DUE, -1L, "o", 50);

    assertThat(claim)
        .contains("ASHLAR_QUEUE_ORDER: QUEUE = ?2", "index sorted", "INFLIGHT_KEY > ''")
        .contains("ASHLAR_QUEUE_KEY: SEQ < Q.SEQ")
        .doesNotContain("tableScan");
    assertThat(parking)
        .contains("ASHLAR_QUEUE_ORDER: QUEUE = ?2", "index sorted", "ASHLAR_QUEUE_DEAD_KEY: ")
        .doesNotContain("tableScan");
    assertThat(due)
        .contains("ASHLAR_OUTBOX_STATE", "index sorted", "ASHLAR_OUTBOX_BLOCKED")
        .doesNotContain("tableScan");
  }

  @Test
  @Tag("engine")
  void postgresqlNeitherScansTheTableNorSortsIt() throws SQLException {
    TestDatabase database = TestDatabase.postgresql();
    fill(database, "generate_series(1, 20000) x", "'\\x00'::bytea");
    database.change("ANALYZE ashlar_queue");
    database.change("ANALYZE ashlar_outbox");

    String claim = plan(database, "EXPLAIN " + QueueTable.claim(false), 5, "q", "q", 50, 1L, "q");
    String parking = plan(database, "EXPLAIN " + QueueTable.claim(true), 5, "q", "q", 50, 1L, "q");
    String due = plan(database, "EXPLAIN " + OutboxTable.DUE, -1L, "o", 50);

    assertThat(claim)
        .contains("ashlar_queue_pkey", "ashlar_queue_key", "ashlar_queue_inflight")
        .doesNotContain("Seq Scan", "Sort");
    assertThat(parking)
        .contains("ashlar_queue_pkey", "ashlar_queue_key", "ashlar_queue_inflight")
        .doesNotContain("Sort");
    assertThat(due).contains("Index Scan").doesNotContain("Seq Scan", "Sort");
    database.change("DELETE FROM ashlar_queue WHERE queue = 'q'");
    database.change("DELETE FROM ashlar_outbox WHERE outbox = 'o'");
  }

  private static void fill(TestDatabase database, String numbers, String payload)
      throws SQLException {
    String values = " 'm' || x, 'k' || (x / 2), '1', " + payload + ", CURRENT_TIMESTAMP, ";
    database.change(
        "INSERT INTO ashlar_queue (queue, "
            + MESSAGE_COLUMNS
            + " sent_at, visible_at, expires_at, owned, epoch, attempts, attempts_base) SELECT 'q',"
            + values
            + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP + INTERVAL '1' DAY, FALSE, 0, 0, 0 FROM "
            + numbers);
    database.change(
        "INSERT INTO ashlar_outbox (outbox, destination, "
            + MESSAGE_COLUMNS
            + " created_at, state, attempts) SELECT 'o', 'd',"
            + values
            + " 'waiting', 0 FROM "
            + numbers);
  }

  private static String plan(TestDatabase database, String template, Object... arguments)
      throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.source().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(database.dialect().sql(template))) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          plan.append(row.getString(1)).append('\n');
        }
      }
    }
    return plan.toString().replaceAll("[ \n]+", " ");
  }
}
