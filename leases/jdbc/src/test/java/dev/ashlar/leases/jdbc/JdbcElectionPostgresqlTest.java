package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("election-jdbc-postgresql")
@Tag("engine")
@ResourceLock("postgresql")
class JdbcElectionPostgresqlTest extends JdbcElectionProperties {

  JdbcElectionPostgresqlTest() {
    super(TestDatabase.postgresql());
  }
}
