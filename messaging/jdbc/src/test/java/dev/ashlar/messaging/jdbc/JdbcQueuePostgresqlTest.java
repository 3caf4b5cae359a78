package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

@Subject("jdbc-postgresql")
@Tag("engine")
class JdbcQueuePostgresqlTest extends JdbcQueueProperties {

  JdbcQueuePostgresqlTest() {
    super(TestDatabase.postgresql());
  }
}
