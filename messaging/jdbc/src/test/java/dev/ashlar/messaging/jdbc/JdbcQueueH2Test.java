package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.testkit.Subject;

@Subject("jdbc-h2")
class JdbcQueueH2Test extends JdbcQueueProperties {

  JdbcQueueH2Test() {
    super(TestDatabase.h2());
  }
}
