package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wrong and the right forms of LEASE-R1 and LEASE-R2, and what becomes of them. */
class RulesTest {

  private final TestDatabase database = TestDatabase.h2InMemory();
  private final JdbcFloor floor = JdbcFloor.of(database.source());
  private final Guard<Connection> guard = Guard.over(floor, Observer.none());
  private final ManualTime storeTime = ManualTime.create();
  private final MemoryLeaseStore store = MemoryLeaseStore.of(storeTime);
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), TimeSource.system());

  @BeforeEach
  void anAccountWithAHundred() throws SQLException {
    database.change("CREATE TABLE account (balance BIGINT NOT NULL)");
    database.change("INSERT INTO account VALUES (100)");
  }

  /** Returns a lease whose holder's clock stands still, after the former one's time. */
  private Lease successor() throws InterruptedException {
    storeTime.advance(Duration.ofMinutes(1));
    ManualTime own = ManualTime.create();
    LeaseOptions options = LeaseOptions.of("host", new SplittableRandom(1));
    Leases leases = Leases.of(store, options, IdSource.system(), own, Observer.none());
    Deadline soon = Deadline.after(Duration.ofMinutes(1), own);
    return leases.tryAcquire(new LeaseName("nightly"), soon).lease().orElseThrow();
  }

  private long balance() throws SQLException {
    return database.number("SELECT balance FROM account");
  }

  private interface Work<R> {
    R run(Connection tx) throws SQLException;
  }

  private <R> R transaction(Work<R> work) throws SQLException {
    try (Connection tx = database.source().getConnection()) {
      tx.setAutoCommit(false);
      R result = work.run(tx);
      tx.commit();
      return result;
    }
  }

  private static int setBalance(Connection tx, long value) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      return statement.executeUpdate("UPDATE account SET balance = " + value);
    }
  }

  @Test
  void anUnfencedWriteOverwritesTheSuccessors() throws Exception {
    Lease lease = successor();
    long balance = balance();
    Lease later = successor();
    transaction(tx -> setBalance(tx, balance() + 50));
    assertThat(later.token()).isGreaterThan(lease.token());

    // [readme:unfenced]
    if (lease.stillHeld()) { // Yes, it thinks so: it was suspended, and woke up just now.
      transaction(tx -> setBalance(tx, balance + 7));
    }
    // [/readme]

    assertThat(balance()).isEqualTo(107);
  }

  @Test
  void aFencedWriteIsRefused() throws Exception {
    Lease lease = successor();
    // [readme:fenced]
    Claim<Connection> claim = guard.claim("account", lease, deadline).orThrow();
    long balance = balance(); // After the claim.
    // [/readme]
    Claim<Connection> later = guard.claim("account", successor(), deadline).orThrow();
    transaction(tx -> later.write(tx, () -> setBalance(tx, balance() + 50)));

    // [readme:fenced-write]
    Fenced<Integer> written = transaction(tx -> claim.write(tx, () -> setBalance(tx, balance + 7)));
    // [/readme]

    assertThat(written).isInstanceOf(Fenced.Rejected.class);
    assertThat(balance()).isEqualTo(150);
  }

  @Test
  void aCheckInATransactionOfItsOwnChecksThePast() throws Exception {
    Lease lease = successor();
    guard.claim("account", lease, deadline).orThrow();
    long balance = balance();

    // [readme:check-then-write]
    Standing standing = transaction(tx -> floor.check(tx, "account", lease.fence()));
    somethingLong();
    if (standing instanceof Standing.Level) { // It was, then.
      transaction(tx -> setBalance(tx, balance + 7));
    }
    // [/readme]

    assertThat(balance()).isEqualTo(107);
  }

  /** The successor comes, claims and writes. */
  private void somethingLong() throws InterruptedException, SQLException {
    Claim<Connection> later = guard.claim("account", successor(), deadline).orThrow();
    transaction(tx -> later.write(tx, () -> setBalance(tx, balance() + 50)));
    assertThat(balance()).isEqualTo(150);
  }

  @Test
  void aCheckInTheTransactionOfTheWriteHoldsUntilItsCommit() throws Exception {
    Lease lease = successor();
    Claim<Connection> claim = guard.claim("account", lease, deadline).orThrow();
    long balance = balance();
    somethingLong();

    Fenced<Integer> written =
        // [readme:checked-write]
        transaction(tx -> claim.write(tx, () -> setBalance(tx, balance + 7)));
    // [/readme]

    assertThat(written).isInstanceOf(Fenced.Rejected.class);
    assertThat(balance()).isEqualTo(150);
  }
}
