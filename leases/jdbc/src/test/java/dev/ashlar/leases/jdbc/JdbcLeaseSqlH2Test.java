package dev.ashlar.leases.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("h2")
class JdbcLeaseSqlH2Test extends JdbcLeaseSqlProperties {

  JdbcLeaseSqlH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
