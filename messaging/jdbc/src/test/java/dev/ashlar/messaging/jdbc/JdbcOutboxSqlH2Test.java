package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;

class JdbcOutboxSqlH2Test extends JdbcOutboxSqlProperties {

  JdbcOutboxSqlH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
