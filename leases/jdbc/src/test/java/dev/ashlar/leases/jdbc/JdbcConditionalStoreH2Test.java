package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-h2")
@ResourceLock("h2")
class JdbcConditionalStoreH2Test extends JdbcConditionalStoreProperties {

  JdbcConditionalStoreH2Test() {
    super(TestDatabase.h2());
  }
}
