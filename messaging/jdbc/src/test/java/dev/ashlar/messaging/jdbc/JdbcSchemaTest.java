package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.TIME;
import static dev.ashlar.messaging.jdbc.Fixtures.message;
import static dev.ashlar.messaging.jdbc.Fixtures.next;
import static dev.ashlar.messaging.jdbc.Fixtures.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JdbcSchemaTest {

  private static final String TABLES =
      "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE LOWER(table_name) LIKE 'ashlar!_%'"
          + " ESCAPE '!'";

  @Test
  void onH2CreatingAgainChangesNothing() throws Exception {
    createAgain(TestDatabase.h2());
  }

  @Test
  @Tag("engine")
  void onPostgresqlCreatingAgainChangesNothing() throws Exception {
    createAgain(TestDatabase.postgresql());
  }

  private static void createAgain(TestDatabase database) throws Exception {
    database.change(
        "INSERT INTO ashlar_outbox_turn (outbox, relay, epoch, until_at)"
            + " VALUES ('again', 'r', 7, CURRENT_TIMESTAMP)");

    JdbcSchema.create(database.source());

    assertThat(database.number(TABLES)).isEqualTo(5);
    assertThat(database.number("SELECT epoch FROM ashlar_outbox_turn WHERE outbox = 'again'"))
        .isEqualTo(7);
    database.change("DELETE FROM ashlar_outbox_turn WHERE outbox = 'again'");
  }

  @Test
  void onH2TablesOfTheFirstFormAreBroughtToThisOne() throws Exception {
    upgrade(TestDatabase.freshH2(""));
  }

  @Test
  @Tag("engine")
  void onPostgresqlTablesOfTheFirstFormAreBroughtToThisOne() throws Exception {
    TestDatabase database = TestDatabase.postgresql();
    // In its own schema, because the other tests of this JVM use the tables meanwhile.
    database.change("CREATE SCHEMA older");
    SettingSource older = new SettingSource(database.direct(), "SET search_path TO older");
    JdbcSchema.create(older.source());
    database.change("DROP INDEX older.ashlar_queue_dead_key");
    database.change("ALTER TABLE older.ashlar_queue_dead DROP COLUMN place, DROP COLUMN epoch");

    JdbcSchema.create(older.source());

    assertThat(database.number("SELECT COUNT(place) FROM older.ashlar_queue_dead")).isZero();
    database.change("DROP SCHEMA older CASCADE");
  }

  /** What died before stays, parks nobody, and can be redriven, also by a queue that parks. */
  private static void upgrade(TestDatabase database) throws Exception {
    QueueOptions skips = QueueOptions.capacity(100);
    JdbcQueue before = JdbcQueue.of(database.source(), "q", skips, TIME, Observer.none());
    Message dead = message("dead").withKey("k");
    before.send(dead, soon());
    next(before).settle(new Outcome.DeadLetter("hopeless"), soon());
    Message behind = message("behind").withKey("k");
    before.send(behind, soon());
    database.change("DROP INDEX ashlar_queue_dead_key");
    database.change("ALTER TABLE ashlar_queue_dead DROP COLUMN place");
    database.change("ALTER TABLE ashlar_queue_dead DROP COLUMN epoch");

    JdbcSchema.create(database.source());

    JdbcQueue after =
        JdbcQueue.of(
            database.source(), "q", skips.withDeadKey(DeadKey.park(9)), TIME, Observer.none());
    assertThat(after.depth(soon())).isEqualTo(new Depth(1, 0, 1));
    after.deadLetters().redrive(dead.id(), soon());
    for (Message expected : List.of(behind, dead)) {
      Delivery delivery = next(after);
      assertThat(delivery.message()).isEqualTo(expected);
      delivery.settle(Outcome.done(), soon());
    }
  }

  @Test
  @Tag("engine")
  void programsThatStartAtTheSameTimeCreateTheTablesTogether() throws Exception {
    TestDatabase database = TestDatabase.postgresql();
    List<FutureTask<Boolean>> programs = new ArrayList<>();
    database.change("CREATE SCHEMA together");
    for (int i = 0; i < 6; i++) {
      programs.add(Fixtures.background(() -> createIn(database, "together")));
    }

    for (FutureTask<Boolean> program : programs) {
      assertThat(program.get()).isTrue();
    }
    database.change("DROP SCHEMA together CASCADE");
  }

  private static boolean createIn(TestDatabase database, String schema) {
    JdbcSchema.create(
        new SettingSource(database.direct(), "SET search_path TO " + schema).source());
    return true;
  }

  @Test
  void theTextIsOneThatMigrationsCanRun() throws Exception {
    String ddl = JdbcSchema.ddl(Dialect.POSTGRESQL);

    assertThat(ddl).contains("BYTEA", "WHERE inflight_key IS NOT NULL").doesNotContain("{");
    assertThat(JdbcSchema.ddl(Dialect.H2)).contains("VARBINARY").doesNotContain("{", "WHERE");
  }

  @Test
  void anotherDatabaseIsRefusedByName() {
    DatabaseMetaData metadata = proxy(DatabaseMetaData.class, "getDatabaseProductName", "Oracle");
    Connection connection = proxy(Connection.class, "getMetaData", metadata);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dialect.of(connection))
        .withMessage("database: Oracle (expected: H2 or PostgreSQL)");
  }

  private static <T> T proxy(Class<T> type, String method, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, called, arguments) -> {
              if (called.getName().equals(method)) {
                return answer;
              }
              throw new SQLException("not asked for: " + called.getName());
            }));
  }
}
