package dev.ashlar.leases.jdbc;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.testkit.FloorContract;
import dev.ashlar.leases.testkit.GuardedData;
import java.sql.Connection;
import java.sql.SQLException;

/** The contract of guards, on a database. */
abstract class JdbcGuardProperties extends FloorContract<Connection> {

  private final TestDatabase database;
  private final Accounts accounts;

  JdbcGuardProperties(TestDatabase database) throws SQLException {
    this.database = database;
    this.accounts = new Accounts(database);
  }

  @Override
  protected GuardedData<Connection> data() {
    return accounts;
  }

  @Override
  protected Floor<Connection> floor() {
    return JdbcFloor.of(database.source());
  }

  @Override
  protected void restartResource() throws Exception {
    database.restart();
  }

  @Override
  protected void forgetClaim(String resource) throws SQLException {
    database.change("DELETE FROM ashlar_fence_floor WHERE resource = ?", resource);
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }
}
