package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;

@Subject("jdbc-h2")
class JdbcConditionalStoreH2Test extends JdbcConditionalStoreProperties {

  JdbcConditionalStoreH2Test() {
    super(TestDatabase.h2());
  }
}
