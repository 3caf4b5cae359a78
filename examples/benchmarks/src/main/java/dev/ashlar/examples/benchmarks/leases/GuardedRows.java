package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Rows of a table, each guarded as a resource of its own. */
final class GuardedRows {

  private final DataSource source;
  private final Guard<Connection> guard;

  GuardedRows(DataSource source) {
    this.source = source;
    this.guard = Guard.over(JdbcFloor.of(source), Observer.none());
  }

  Claimed claim(Lease lease, Deadline deadline) throws InterruptedException {
    return new Claimed(guard.claim(lease.name().value(), lease, deadline).orThrow());
  }

  /** A row that its holder may write. */
  final class Claimed {
    private final Claim<Connection> claim;

    Claimed(Claim<Connection> claim) {
      this.claim = claim;
    }

    /** Adds one, in a transaction. */
    void write() throws SQLException {
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        int changed = claim.write(connection, () -> add(connection)).orThrow();
        connection.commit();
        if (changed != 1) {
          throw new IllegalStateException("rows: " + changed + " (expected: 1)");
        }
      }
    }

    private int add(Connection connection) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(Rows.ADD)) {
        statement.setString(1, claim.resource());
        return statement.executeUpdate();
      }
    }
  }
}
