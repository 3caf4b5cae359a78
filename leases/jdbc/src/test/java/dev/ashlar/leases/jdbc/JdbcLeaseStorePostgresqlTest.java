package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

@Subject("jdbc-postgresql")
@Tag("engine")
class JdbcLeaseStorePostgresqlTest extends JdbcLeaseStoreProperties {

  JdbcLeaseStorePostgresqlTest() {
    super(TestDatabase.postgresql());
  }
}
