package dev.ashlar.leases.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;

/**
 * The contract of guards for a {@link Floor}, and the {@link Guard} over it.
 *
 * <p>An adapter's test class extends this one, brings data and floor, and inherits the rest.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction
 */
public abstract class FloorContract<T> extends GuardContract<Claim<T>> {

  private volatile boolean cut;

  /** For subclasses. */
  protected FloorContract() {}

  /** Returns the data that are guarded. */
  protected abstract GuardedData<T> data();

  /** Returns the floor beside the data, as a process makes it when it starts. */
  protected abstract Floor<T> floor();

  /** Returns the guard over a floor; overridden by twins only. */
  protected Guard<T> guard(Floor<T> floor, RejectionPublisher rejections) {
    return Guard.over(floor, rejections, Observer.none());
  }

  @Override
  protected final GuardedAccess<Claim<T>> access(RejectionPublisher rejections) {
    Floor<T> floor = reachable(floor());
    return new TransactionAccess<>(guard(floor, rejections), floor, data());
  }

  @Override
  protected final void cutResource(boolean isCut) {
    cut = isCut;
  }

  private Floor<T> reachable(Floor<T> floor) {
    return new Floor<>() {
      @Override
      public Standing raise(String resource, Fence fence, Deadline deadline)
          throws InterruptedException {
        return cut ? unreachable() : floor.raise(resource, fence, deadline);
      }

      @Override
      public Standing check(T tx, String resource, Fence fence) {
        return cut ? unreachable() : floor.check(tx, resource, fence);
      }
    };
  }

  private static Standing unreachable() {
    return new Standing.Unknown(
        new BackendException("floor: cut off", Effect.NONE, new Advice.Transient(), null));
  }
}
