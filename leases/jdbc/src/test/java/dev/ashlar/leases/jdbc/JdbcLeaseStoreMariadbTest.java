package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-mariadb")
@Tag("engine")
@ResourceLock("mariadb")
class JdbcLeaseStoreMariadbTest extends JdbcLeaseStoreProperties {

  JdbcLeaseStoreMariadbTest() {
    super(TestDatabase.mariadb());
  }
}
