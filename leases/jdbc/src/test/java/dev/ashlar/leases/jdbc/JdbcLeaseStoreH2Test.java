package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;

@Subject("jdbc-h2")
class JdbcLeaseStoreH2Test extends JdbcLeaseStoreProperties {

  JdbcLeaseStoreH2Test() {
    super(TestDatabase.h2());
  }
}
