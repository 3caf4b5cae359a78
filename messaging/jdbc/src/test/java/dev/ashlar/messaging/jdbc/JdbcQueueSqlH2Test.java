package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;

class JdbcQueueSqlH2Test extends JdbcQueueSqlProperties {

  JdbcQueueSqlH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
