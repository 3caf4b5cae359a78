package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Subject;

/** On a database of its own, so that it needs to wait for no other test. */
@Subject("election-jdbc-h2")
class JdbcElectionH2Test extends JdbcElectionProperties {

  private static final TestDatabase DATABASE = TestDatabase.h2InMemory();

  JdbcElectionH2Test() {
    super(DATABASE);
  }
}
