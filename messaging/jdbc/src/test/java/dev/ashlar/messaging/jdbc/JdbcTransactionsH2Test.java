package dev.ashlar.messaging.jdbc;

import java.sql.SQLException;

class JdbcTransactionsH2Test extends JdbcTransactionsProperties {

  JdbcTransactionsH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
