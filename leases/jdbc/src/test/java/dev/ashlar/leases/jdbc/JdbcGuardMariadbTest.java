package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Subject("guard-jdbc")
@Tag("engine")
class JdbcGuardMariadbTest extends JdbcGuardProperties {

  JdbcGuardMariadbTest() throws SQLException {
    super(TestDatabase.mariadb());
  }
}
