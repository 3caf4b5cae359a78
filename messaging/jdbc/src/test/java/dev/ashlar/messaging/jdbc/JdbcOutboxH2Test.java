package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;

@Subject("jdbc-h2")
class JdbcOutboxH2Test extends JdbcOutboxProperties {

  JdbcOutboxH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
