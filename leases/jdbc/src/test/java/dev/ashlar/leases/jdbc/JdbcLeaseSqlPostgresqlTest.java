package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Effect;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What only PostgreSQL has: shared row locks, a limit on idle transactions, and snapshots. */
@Tag("engine")
@ResourceLock("postgresql")
class JdbcLeaseSqlPostgresqlTest extends JdbcLeaseSqlProperties {

  JdbcLeaseSqlPostgresqlTest() throws SQLException {
    super(TestDatabase.postgresql());
  }

  @Test
  void aWriterThatIsPausedAfterItsCheckHoldsItsSuccessorUpForTheSetTimeOnly() throws Exception {
    Fence former = fence(1);
    JdbcFloor floor = floor().withPauseMax(Duration.ofMillis(300));
    floor.raise(resource, former, in(PATIENCE));
    Connection tx = accounts.begin();
    assertThat(floor.check(tx, resource, former)).isEqualTo(new Standing.Level());
    accounts.write(tx, resource, 7);

    Standing claimed = floor.raise(resource, fence(2), in(PATIENCE));

    assertThat(claimed).isEqualTo(new Standing.Level());
    assertThatThrownBy(() -> accounts.commit(tx)).isInstanceOf(SQLException.class);
    assertThat(database.number("SELECT COUNT(*) FROM test_account WHERE name = ?", resource))
        .isZero();
  }

  @Test
  void anIdleLimitOfTheSessionStaysAsItIs() throws Exception {
    Fence fence = fence(1);
    floor().raise(resource, fence, in(PATIENCE));
    Connection tx = accounts.begin();
    execute(tx, "SET LOCAL idle_in_transaction_session_timeout = '77s'");
    floor().check(tx, resource, fence);
    assertThat(idleLimit(tx)).isEqualTo("77s");
    accounts.rollback(tx);

    Connection other = accounts.begin();
    floor().check(other, resource, fence);
    assertThat(idleLimit(other)).isEqualTo("10s");
    other.rollback();
    assertThat(idleLimit(other)).isEqualTo("0");
    accounts.rollback(other);
  }

  private static void execute(Connection tx, String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String idleLimit(Connection tx) throws SQLException {
    try (Statement statement = tx.createStatement();
        var rows = statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void writersOfOneHolderRunSideBySide() throws Exception {
    Fence fence = fence(1);
    floor().raise(resource, fence, in(PATIENCE));
    Connection first = accounts.begin();
    floor().check(first, resource, fence);

    FutureTask<Standing> second =
        background(
            () -> {
              Connection tx = accounts.begin();
              Standing standing = floor().check(tx, resource, fence);
              accounts.rollback(tx);
              return standing;
            });

    assertThat(resultOf(second)).isEqualTo(new Standing.Level());
    accounts.rollback(first);
  }

  @Test
  void aSnapshotFromBeforeTheClaimCannotWrite() throws Exception {
    Fence former = fence(1);
    floor().raise(resource, former, in(PATIENCE));
    Connection tx = accounts.begin();
    tx.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    accounts.read(tx, resource);
    floor().raise(resource, fence(2), in(PATIENCE));

    assertThat(floor().check(tx, resource, former))
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE));

    tx.rollback();
    tx.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    accounts.rollback(tx);
  }
}
