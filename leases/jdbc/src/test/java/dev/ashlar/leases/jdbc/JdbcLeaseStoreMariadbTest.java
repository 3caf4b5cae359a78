package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

@Subject("jdbc-mariadb")
@Tag("engine")
class JdbcLeaseStoreMariadbTest extends JdbcLeaseStoreProperties {

  JdbcLeaseStoreMariadbTest() {
    super(TestDatabase.mariadb());
  }
}
