package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-postgresql")
@Tag("engine")
@ResourceLock("postgresql")
class JdbcConditionalStorePostgresqlTest extends JdbcConditionalStoreProperties {

  JdbcConditionalStorePostgresqlTest() {
    super(TestDatabase.postgresql());
  }
}
