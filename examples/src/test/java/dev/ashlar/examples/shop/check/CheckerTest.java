package dev.ashlar.examples.shop.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.ToLongFunction;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each anomaly is made by hand in databases that are otherwise in order. */
class CheckerTest {

  @TempDir Path folder;

  @BeforeEach
  void threeOrdersInOrder() throws SQLException {
    JdbcSchema.create(source("broker"));
    for (Service service : Service.values()) {
      JdbcSchema.create(source(service.label()));
      try (Connection connection = source(service.label()).getConnection()) {
        service.table().create(connection);
      }
    }
    sql(
        "placed",
        "CREATE TABLE placed (number BIGINT PRIMARY KEY, order_id VARCHAR(40) NOT NULL UNIQUE,"
            + " items INTEGER NOT NULL, handed_over BOOLEAN NOT NULL, document VARBINARY(16384))");
    sql(
        "ledger",
        "CREATE TABLE settlements (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " charge BIGINT, order_id VARCHAR(40), amount_cents BIGINT)");
    for (int i = 1; i <= 3; i++) {
      sql("placed", "INSERT INTO placed VALUES (" + i + ", 'o-" + i + "', 2, TRUE, NULL)");
      sql("orders", "INSERT INTO orders VALUES ('o-" + i + "', 'c', 100)");
      charge(i);
      invoice(i);
      take(i, "tea");
      take(i, "jam");
      like(i, "tea");
      like(i, "jam");
      points(i);
      settle(i, i);
    }
  }

  private JdbcDataSource source(String database) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve(database) + ";MAX_COMPACT_TIME=0");
    source.setUser("shop");
    source.setPassword("");
    return source;
  }

  private void sql(String database, String command) throws SQLException {
    try (Connection connection = source(database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private void charge(int order) throws SQLException {
    sql("payment", "INSERT INTO charges (order_id, amount_cents) VALUES ('o-" + order + "', 1)");
  }

  private void invoice(int order) throws SQLException {
    sql("invoices", "INSERT INTO invoices (order_id, amount_cents) VALUES ('o-" + order + "', 1)");
  }

  private void take(int order, String sku) throws SQLException {
    sql(
        "stock",
        "INSERT INTO takings (order_id, sku, quantity) VALUES ('o-"
            + order
            + "', '"
            + sku
            + "', 1)");
  }

  private void like(int order, String sku) throws SQLException {
    sql(
        "recommendations",
        "INSERT INTO likes (order_id, sku) VALUES ('o-" + order + "', '" + sku + "')");
  }

  private void points(int order) throws SQLException {
    sql("loyalty", "INSERT INTO points (order_id, points) VALUES ('o-" + order + "', 1)");
  }

  private void settle(int charge, int order) throws SQLException {
    sql(
        "ledger",
        "INSERT INTO settlements (charge, order_id, amount_cents) VALUES ("
            + charge
            + ", 'o-"
            + order
            + "', 1)");
  }

  private void delete(String database, String table, int order) throws SQLException {
    sql(database, "DELETE FROM " + table + " WHERE order_id = 'o-" + order + "'");
  }

  private void waiting(String messageId) throws SQLException {
    sql(
        "broker",
        "INSERT INTO ashlar_queue (queue, message_id, headers, payload, sent_at, visible_at,"
            + " expires_at, owned, epoch, attempts, attempts_base) VALUES ('q', '"
            + messageId
            + "', '', X'00', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, FALSE, 0, 0, 0)");
  }

  private void dead(String messageId) throws SQLException {
    sql(
        "broker",
        "INSERT INTO ashlar_queue_dead (queue, message_id, headers, payload, sent_at, expires_at,"
            + " attempts, first_failure, last_failure, reason) VALUES ('q', '"
            + messageId
            + "', '', X'00', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1, CURRENT_TIMESTAMP,"
            + " CURRENT_TIMESTAMP, 'why')");
  }

  private void unsent(String messageId, String state) throws SQLException {
    sql(
        "payment",
        "INSERT INTO ashlar_outbox (outbox, destination, message_id, headers, payload, created_at,"
            + " state, attempts) VALUES ('payment', 'invoices', '"
            + messageId
            + "', '', X'00', CURRENT_TIMESTAMP, '"
            + state
            + "', 0)");
  }

  private void finds(long count, ToLongFunction<Anomalies> anomaly) {
    Anomalies anomalies = Checker.count(folder);

    assertThat(anomalies.ordersIn()).isEqualTo(3);
    assertThat(anomalies.isClean()).isFalse();
    assertThat(anomaly.applyAsLong(anomalies)).as("%s", anomalies).isEqualTo(count);
  }

  @Test
  void whatIsInOrderIsClean() {
    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(Checker.count(folder).isClean()).isTrue();
  }

  @Test
  void aSecondChargeIsSeen() throws Exception {
    charge(2);
    charge(2);
    charge(3);
    settle(4, 2);
    settle(5, 2);
    settle(6, 3);

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 2, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aChargeWithoutInvoiceIsSeen() throws Exception {
    delete("invoices", "invoices", 1);

    finds(1, Anomalies::chargedWithoutInvoice);
    finds(1, Anomalies::lost);
  }

  @Test
  void anInvoiceWithoutChargeIsSeen() throws Exception {
    delete("payment", "charges", 3);

    finds(1, Anomalies::invoiceWithoutCharge);
    finds(1, Anomalies::lost);
  }

  @Test
  void stockTakenTwiceIsSeenForOneItemOfSeveral() throws Exception {
    take(1, "jam");

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aChargeThatWasSettledTwiceIsSeen() throws Exception {
    settle(2, 2);

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 0, 0, 1, 0, 0, 0));
  }

  @Test
  void aChargeThatWasNotSettledIsSeen() throws Exception {
    delete("ledger", "settlements", 3);

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void invoicesPointsAndLikesThatStandTwiceAreSeen() throws Exception {
    invoice(1);
    points(2);
    like(3, "tea");

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 0, 3, 0, 0, 0, 0));
  }

  @Test
  void anOrderThatLacksAnythingIsLost() throws Exception {
    delete("orders", "orders", 1);
    delete("loyalty", "points", 2);
    sql("stock", "DELETE FROM takings WHERE order_id = 'o-3' AND sku = 'tea'");

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 0, 0, 0, 0, 3, 0));
  }

  @Test
  void anOrderWhoseMessageIsSomewhereIsStuckAndNotLost() throws Exception {
    delete("stock", "takings", 1);
    waiting("o-1.accepted");
    delete("loyalty", "points", 2);
    dead("o-2.charged");
    delete("recommendations", "likes", 3);
    unsent("o-3.charged", "parked");

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(3, 0, 0, 0, 0, 0, 0, 0, 0, 3));
  }

  @Test
  void aRowThatWasSentIsNotWaiting() throws Exception {
    delete("loyalty", "points", 2);
    unsent("o-2.charged", "sent");

    finds(1, Anomalies::lost);
  }

  @Test
  void anOrderThatTheShopHasNotTakenIsStuck() throws Exception {
    sql("placed", "INSERT INTO placed VALUES (4, 'o-4', 1, FALSE, NULL)");

    assertThat(Checker.count(folder)).isEqualTo(new Anomalies(4, 0, 0, 0, 0, 0, 0, 0, 0, 1));
  }

  @Test
  void aMessageOfAFinishedOrderIsNoAnomaly() throws Exception {
    waiting("o-1.accepted");

    assertThat(Checker.count(folder).isClean()).isTrue();
  }

  @Test
  void rowsOfAnOrderThatNobodyPlacedAreSeen() throws Exception {
    charge(9);

    finds(1, Anomalies::chargedWithoutInvoice);
  }
}
