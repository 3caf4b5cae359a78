package dev.ashlar.leases.jdbc;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Standing;
import java.sql.Connection;
import javax.sql.DataSource;

/** Stores with a mistake in their SQL, and a guard that does not look. */
final class JdbcTwins {

  private JdbcTwins() {}

  /** H2 in memory with some other words in the statements. */
  private abstract static class Changed extends JdbcLeaseStoreProperties {
    private final DataSource source;

    Changed(TestDatabase database, String right, String wrong) {
      super(database);
      this.source = Taps.replacing(right, wrong).over(database.source());
    }

    @Override
    DataSource source() {
      return source;
    }
  }

  /** A repeated request mints another number. */
  static final class RetryWithoutNonceTwin extends Changed {
    RetryWithoutNonceTwin() {
      super(
          TestDatabase.h2InMemory(),
          "CASE WHEN nonce = ? THEN token ELSE",
          "CASE WHEN nonce = ? THEN token + 1 ELSE");
    }
  }

  /** A batch extends whatever has the names. */
  static final class BatchByNameTwin extends Changed {
    BatchByNameTwin() {
      super(
          TestDatabase.h2InMemory(),
          "name || ' ' || token || ' ' || nonce = ANY(?)",
          "CARDINALITY(CAST(? AS VARCHAR ARRAY)) > 0");
    }
  }

  /** A batch waits for each row. */
  static final class BatchWaitsTwin extends Changed {
    BatchWaitsTwin() {
      super(TestDatabase.h2InMemory(), "FOR UPDATE SKIP LOCKED", "FOR UPDATE");
    }
  }

  /** Nobody looks at the numbers. */
  static final class NoFenceTwin extends JdbcLeaseStoreProperties {
    NoFenceTwin() {
      super(TestDatabase.h2InMemory());
    }

    @Override
    Floor<Connection> floor() {
      Floor<Connection> floor = super.floor();
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          return floor.raise(resource, fence, deadline);
        }

        @Override
        public Standing check(Connection tx, String resource, Fence fence) {
          return new Standing.Level();
        }
      };
    }
  }
}
