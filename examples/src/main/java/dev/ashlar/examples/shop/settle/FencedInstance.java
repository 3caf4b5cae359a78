package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Settles under a lease, and lets the ledger check its number in each transaction. */
record FencedInstance(
    String name,
    Leases leases,
    Guard<Connection> guard,
    Charges charges,
    Ledger ledger,
    Steps steps,
    TimeSource time)
    implements Instance {

  private static final LeaseName SETTLEMENT = new LeaseName("settlement");
  private static final int CHUNK = 100;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  @Override
  public void run() throws InterruptedException, SQLException {
    while (!charges.after(ledger.settledTo(), 1).isEmpty()) {
      try {
        if (leases.acquire(SETTLEMENT, Deadline.after(ANSWER_MAX, time))
            instanceof Acquisition.Granted granted) {
          try (Lease lease = granted.granted()) {
            work(lease);
          }
        }
      } catch (BackendException e) {
        // Nobody was settled by it; what is left is looked at again.
        time.sleep(ANSWER_MAX.dividedBy(10));
      }
    }
  }

  /** The claim comes before the first read: what is read after it, nobody else can settle. */
  private void work(Lease lease) throws InterruptedException, SQLException {
    Fenced<Claim<Connection>> claimed =
        guard.claim("ledger", lease, Deadline.after(ANSWER_MAX, time));
    if (!(claimed instanceof Fenced.Accepted<Claim<Connection>> accepted)) {
      return;
    }
    JdbcTransactions transactions = JdbcTransactions.of(ledger.source());
    List<Charge> chunk = charges.after(ledger.settledTo(), CHUNK);
    boolean mine = true;
    while (!chunk.isEmpty() && mine) {
      List<Charge> settled = chunk;
      steps.read();
      mine =
          transactions.call(tx -> settle(tx, accepted.value(), settled)) instanceof Fenced.Accepted;
      chunk = charges.after(ledger.settledTo(), CHUNK);
    }
  }

  private Fenced<Integer> settle(Connection tx, Claim<Connection> claim, List<Charge> chunk)
      throws SQLException {
    return claim.write(
        tx,
        () -> {
          ledger.settle(tx, chunk, name);
          return chunk.size();
        });
  }
}
