package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.testkit.GuardedAccess;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Outcome;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import java.time.Duration;

/**
 * Access to numbers by transactions whose commits may be refused: who was overtaken asks again, and
 * is told by whom.
 */
record FlooredAccess(Guard<Transaction> guard, Floor<Transaction> floor, FlooredNumbers data)
    implements GuardedAccess<Claim<Transaction>> {

  @Override
  public Fenced<Claim<Transaction>> claim(String resource, Lease lease, Deadline deadline)
      throws InterruptedException {
    return guard.claim(resource, lease, deadline);
  }

  @Override
  public Fenced<Long> write(Claim<Transaction> claim, long value) throws Exception {
    return begin(claim, value).finish();
  }

  @Override
  public Fenced<Long> increment(Claim<Transaction> claim, Duration pause) throws Exception {
    Transaction tx = data.begin();
    Fenced<Long> written =
        claim.write(
            tx,
            () -> {
              long value = data.read(tx, claim.resource()) + 1;
              TimeSource.system().sleep(pause);
              data.write(tx, claim.resource(), value);
              return value;
            });
    return ended(tx, claim, written);
  }

  @Override
  public WriteUnderWay begin(Claim<Transaction> claim, long value) throws Exception {
    Transaction tx = data.begin();
    return under(() -> ended(tx, claim, written(tx, claim, value)));
  }

  @Override
  public WriteUnderWay beginAndCheck(Claim<Transaction> claim, long value) throws Exception {
    Transaction tx = data.begin();
    Fenced<Long> written = written(tx, claim, value);
    return under(() -> ended(tx, claim, written));
  }

  @FunctionalInterface
  private interface End {
    Fenced<Long> run() throws Exception;
  }

  private static WriteUnderWay under(End end) {
    return new WriteUnderWay() {
      @Override
      public Fenced<Long> finish() throws Exception {
        return end.run();
      }

      @Override
      public void crash() {}
    };
  }

  private Fenced<Long> written(Transaction tx, Claim<Transaction> claim, long value)
      throws Exception {
    return claim.write(
        tx,
        () -> {
          data.write(tx, claim.resource(), value);
          return value;
        });
  }

  private Fenced<Long> ended(Transaction tx, Claim<Transaction> claim, Fenced<Long> written)
      throws Exception {
    if (!(written instanceof Fenced.Accepted)) {
      return written;
    }
    Outcome outcome = data.outcome(tx);
    if (outcome instanceof Outcome.Committed) {
      return written;
    }
    if (outcome instanceof Outcome.Overtaken) {
      return claim.write(data.begin(), () -> -1L);
    }
    throw new AssertionError(outcome);
  }

  @Override
  public Standing show(String resource, Fence fence) throws Exception {
    return floor.check(data.begin(), resource, fence);
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    return floor.raise(resource, fence, deadline);
  }

  @Override
  public long read(String resource) throws Exception {
    return data.read(resource);
  }
}
