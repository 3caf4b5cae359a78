package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("guard-jdbc")
@Tag("engine")
@ResourceLock("mariadb")
class JdbcGuardMariadbTest extends JdbcGuardProperties {

  JdbcGuardMariadbTest() throws SQLException {
    super(TestDatabase.mariadb());
  }
}
