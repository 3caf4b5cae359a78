package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;

/** Access by transactions of the writer's own. */
record TransactionAccess<T>(Guard<T> guard, Floor<T> floor, GuardedData<T> data)
    implements GuardedAccess<Claim<T>> {

  @Override
  public Fenced<Claim<T>> claim(String resource, Lease lease, Deadline deadline)
      throws InterruptedException {
    return guard.claim(resource, lease, deadline);
  }

  @Override
  public Fenced<Long> write(Claim<T> claim, long value) throws Exception {
    return begin(claim, value).finish();
  }

  @Override
  public Fenced<Long> increment(Claim<T> claim, Duration pause) throws Exception {
    T tx = data.begin();
    try {
      Fenced<Long> written =
          claim.write(
              tx,
              () -> {
                long value = data.read(tx, claim.resource()) + 1;
                TimeSource.system().sleep(pause);
                data.write(tx, claim.resource(), value);
                return value;
              });
      data.commit(tx);
      return written;
    } catch (Exception e) {
      data.rollback(tx);
      throw e;
    }
  }

  @Override
  public WriteUnderWay begin(Claim<T> claim, long value) throws Exception {
    T tx = data.begin();
    return new WriteUnderWay() {
      @Override
      public Fenced<Long> finish() throws Exception {
        Fenced<Long> written = writeIn(tx, claim, value);
        data.commit(tx);
        return written;
      }

      @Override
      public void crash() throws Exception {
        data.crash(tx);
      }
    };
  }

  @Override
  public WriteUnderWay beginAndCheck(Claim<T> claim, long value) throws Exception {
    T tx = data.begin();
    Fenced<Long> written = writeIn(tx, claim, value);
    return new WriteUnderWay() {
      @Override
      public Fenced<Long> finish() throws Exception {
        data.commit(tx);
        return written;
      }

      @Override
      public void crash() throws Exception {
        data.crash(tx);
      }
    };
  }

  private Fenced<Long> writeIn(T tx, Claim<T> claim, long value) throws Exception {
    try {
      return claim.write(
          tx,
          () -> {
            data.write(tx, claim.resource(), value);
            return value;
          });
    } catch (Exception e) {
      data.rollback(tx);
      throw e;
    }
  }

  @Override
  public Standing show(String resource, Fence fence) throws Exception {
    T tx = data.begin();
    try {
      return floor.check(tx, resource, fence);
    } finally {
      data.rollback(tx);
    }
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    return floor.raise(resource, fence, deadline);
  }

  @Override
  public long read(String resource) throws Exception {
    T tx = data.begin();
    try {
      return data.read(tx, resource);
    } finally {
      data.rollback(tx);
    }
  }
}
