package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
