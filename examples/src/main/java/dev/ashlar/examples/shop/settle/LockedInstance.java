package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Settles under a lock, and looks at the lock before each write. */
record LockedInstance(
    String name, PlainLock lock, Charges charges, Ledger ledger, Steps steps, TimeSource time)
    implements Instance {

  private static final int CHUNK = 100;
  private static final Duration POLL = Duration.ofMillis(100);

  @Override
  public void run() throws InterruptedException, SQLException {
    while (!charges.after(ledger.settledTo(), 1).isEmpty()) {
      if (lock.tryLock()) {
        try {
          work();
        } finally {
          lock.unlock();
        }
      } else {
        time.sleep(POLL);
      }
    }
  }

  private void work() throws InterruptedException, SQLException {
    JdbcTransactions transactions = JdbcTransactions.of(ledger.source());
    List<Charge> chunk = charges.after(ledger.settledTo(), CHUNK);
    while (!chunk.isEmpty() && lock.isHeld()) {
      List<Charge> settled = chunk;
      steps.read();
      transactions.run(tx -> ledger.settle(tx, settled, name));
      chunk = charges.after(ledger.settledTo(), CHUNK);
    }
  }
}
