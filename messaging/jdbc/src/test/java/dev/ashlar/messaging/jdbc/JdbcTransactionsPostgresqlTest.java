package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Tag("engine")
class JdbcTransactionsPostgresqlTest extends JdbcTransactionsProperties {

  JdbcTransactionsPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }
}
