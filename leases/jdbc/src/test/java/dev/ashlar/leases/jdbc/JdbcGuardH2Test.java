package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("guard-jdbc")
@ResourceLock("h2")
class JdbcGuardH2Test extends JdbcGuardProperties {

  JdbcGuardH2Test() throws SQLException {
    super(TestDatabase.h2());
  }
}
