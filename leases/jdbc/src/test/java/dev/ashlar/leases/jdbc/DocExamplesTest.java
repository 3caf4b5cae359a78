package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final TimeSource time = TimeSource.system();
  private final TestDatabase database = TestDatabase.h2InMemory();
  private final DataSource source = database.source();

  @Test
  void aLeaseIsTakenAndGuards() throws Exception {
    RandomGenerator random = Seeds.random(Seeds.next());
    String host = "host-1";
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    database.change("CREATE TABLE settled (run_no INTEGER PRIMARY KEY)");
    // [doc:JdbcLeaseStore]
    JdbcLeaseSchema.create(source);
    LeaseStore store = JdbcLeaseStore.of(source, Observer.none());
    Leases leases =
        Leases.of(store, LeaseOptions.of(host, random), IdSource.system(), time, Observer.none());
    // [/doc]
    try (Lease lease = leases.acquire(new LeaseName("nightly"), deadline).lease().orElseThrow()) {
      // [doc:JdbcFloor]
      Guard<Connection> guard = Guard.over(JdbcFloor.of(source), Observer.none());
      Claim<Connection> claim = guard.claim("accounts", lease, deadline).orThrow();
      transaction(tx -> claim.write(tx, () -> settle(tx)).orThrow());
      // [/doc]
    }
    assertThat(database.number("SELECT COUNT(*) FROM settled")).isEqualTo(1);
  }

  private interface Work {
    void run(Connection tx) throws SQLException;
  }

  private void transaction(Work work) throws SQLException {
    try (Connection tx = source.getConnection()) {
      tx.setAutoCommit(false);
      work.run(tx);
      tx.commit();
    }
  }

  private static int settle(Connection tx) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement("INSERT INTO settled VALUES (1)")) {
      return statement.executeUpdate();
    }
  }
}
