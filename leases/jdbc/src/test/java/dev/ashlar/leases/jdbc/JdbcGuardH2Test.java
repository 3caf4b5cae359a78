package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;

@Subject("guard-jdbc")
class JdbcGuardH2Test extends JdbcGuardProperties {

  JdbcGuardH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
