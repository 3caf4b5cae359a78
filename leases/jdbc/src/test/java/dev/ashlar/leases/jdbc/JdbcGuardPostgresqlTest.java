package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("guard-jdbc")
@Tag("engine")
@ResourceLock("postgresql")
class JdbcGuardPostgresqlTest extends JdbcGuardProperties {

  JdbcGuardPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }
}
