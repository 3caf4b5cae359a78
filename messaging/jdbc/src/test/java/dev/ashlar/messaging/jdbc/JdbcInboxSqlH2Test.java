package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;

class JdbcInboxSqlH2Test extends JdbcInboxSqlProperties {

  JdbcInboxSqlH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
