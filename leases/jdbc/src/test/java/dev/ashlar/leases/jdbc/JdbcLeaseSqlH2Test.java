package dev.ashlar.leases.jdbc;

import java.sql.SQLException;

class JdbcLeaseSqlH2Test extends JdbcLeaseSqlProperties {

  JdbcLeaseSqlH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
