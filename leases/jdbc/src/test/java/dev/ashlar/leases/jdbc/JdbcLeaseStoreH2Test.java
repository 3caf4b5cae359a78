package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-h2")
@ResourceLock("h2")
class JdbcLeaseStoreH2Test extends JdbcLeaseStoreProperties {

  JdbcLeaseStoreH2Test() {
    super(TestDatabase.h2());
  }
}
