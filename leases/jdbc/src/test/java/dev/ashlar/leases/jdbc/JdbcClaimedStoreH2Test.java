package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-h2")
@ResourceLock("h2")
class JdbcClaimedStoreH2Test extends JdbcClaimedStoreProperties {

  JdbcClaimedStoreH2Test() {
    super(TestDatabase.h2());
  }
}
