package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Subject("jdbc-postgresql")
@Tag("engine")
class JdbcInboxPostgresqlTest extends JdbcInboxProperties {

  JdbcInboxPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }
}
