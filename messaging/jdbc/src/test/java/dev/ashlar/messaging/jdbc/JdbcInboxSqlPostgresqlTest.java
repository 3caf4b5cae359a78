package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Tag("engine")
class JdbcInboxSqlPostgresqlTest extends JdbcInboxSqlProperties {

  JdbcInboxSqlPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }
}
