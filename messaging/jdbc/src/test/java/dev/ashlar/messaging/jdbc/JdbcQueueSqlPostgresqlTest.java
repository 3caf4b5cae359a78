package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Tag("engine")
class JdbcQueueSqlPostgresqlTest extends JdbcQueueSqlProperties {

  JdbcQueueSqlPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }
}
