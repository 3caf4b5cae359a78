package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Tag("engine")
class JdbcOutboxSqlPostgresqlTest extends JdbcOutboxSqlProperties {

  JdbcOutboxSqlPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }
}
