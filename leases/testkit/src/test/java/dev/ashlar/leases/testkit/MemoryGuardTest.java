package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import dev.ashlar.leases.guard.Standing;

/** The floor in memory keeps the contract of guards. */
@Subject("memory")
class MemoryGuardTest extends FloorContract<Transaction> {

  private final MemoryFloor floor = MemoryFloor.of(TimeSource.system());
  private final MemoryData data = new MemoryData(floor);
  private MemoryFloor restored = floor;

  @Override
  protected GuardedData<Transaction> data() {
    return data;
  }

  /** A claim that was made before a restore finds an empty floor after it. */
  @Override
  protected Floor<Transaction> floor() {
    return new Floor<>() {
      @Override
      public Standing raise(String resource, Fence fence, Deadline deadline)
          throws InterruptedException {
        return restored.raise(resource, fence, deadline);
      }

      @Override
      public Standing check(Transaction tx, String resource, Fence fence) {
        return restored.check(tx, resource, fence);
      }
    };
  }

  /** Data and floor are in one memory, so none of them comes back without the other. */
  @Override
  protected void restartResource() {}

  @Override
  protected void forgetClaim(String resource) {
    restored = MemoryFloor.of(TimeSource.system());
    data.moveTo(restored);
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }
}
