package dev.ashlar.leases.guard;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import java.util.Optional;

/*
 * A floor that is above a number says one of two things: the holder is late, or the store's numbers went
 * back. Only the store can tell them apart. While it confirms this very grant, it cannot have granted a
 * larger number after it; so a larger number at the resource comes from a history that the store has
 * forgotten.
 *
 *   floor says        store says           so
 *   larger number     still yours          numbers went back: TokenRegressionException
 *   larger number     no, or no answer     the holder is late: rejected
 *   same, other       whatever             one number was granted twice: TokenRegressionException
 */

/** The protocol between a lease and a floor. */
final class FloorGuard<T> implements Guard<T> {

  private final Floor<T> floor;
  private final PendingRejections rejections;
  private final Observer observer;

  FloorGuard(Floor<T> floor, RejectionPublisher rejections, Observer observer) {
    this.floor = floor;
    this.rejections = new PendingRejections(rejections, observer);
    this.observer = observer;
  }

  @Override
  public Fenced<Claim<T>> claim(String resource, Lease lease, Deadline deadline)
      throws InterruptedException {
    Optional<Lease.Use> use = lease.use();
    if (use.isEmpty()) {
      return notHeld(lease);
    }
    try {
      observer.step("guard.claim");
      Standing standing = floor.raise(resource, lease.fence(), deadline);
      if (standing instanceof Standing.Level) {
        observer.step("guard.claimed");
        return new Fenced.Accepted<>(new LeaseClaim(resource, lease));
      }
      if (standing instanceof Standing.Unknown unknown) {
        throw unknown.failure();
      }
      Optional<Fence> claimed = ((Standing.Differs) standing).floor();
      refuseRegression(resource, lease, claimed, deadline);
      return rejected(resource, lease, claimed);
    } finally {
      use.get().close();
    }
  }

  private void refuseRegression(
      String resource, Lease lease, Optional<Fence> claimed, Deadline deadline)
      throws InterruptedException {
    if (claimed.isEmpty()) {
      return;
    }
    boolean twice = claimed.get().token().equals(lease.token());
    if (twice || lease.confirm(deadline) == LeaseState.HELD) {
      lease.lose(LossCause.BACKEND_RESET);
      observer.count("guard.regression", 1);
      throw new TokenRegressionException(resource, lease.fence(), claimed.get());
    }
  }

  private <V> Fenced<V> rejected(String resource, Lease lease, Optional<Fence> claimed) {
    lease.lose(LossCause.FENCED_BY_RESOURCE);
    observer.count("guard.rejected", 1);
    FenceRejection rejection = new FenceRejection(resource, lease.fence(), claimed);
    rejections.publish(rejection);
    return new Fenced.Rejected<>(rejection);
  }

  /** A lease that a resource has ended is refused here ever after, so here it is tried again. */
  private <V> Fenced<V> notHeld(Lease lease) {
    rejections.retry();
    return new Fenced.NotHeld<>(lease.state());
  }

  private final class LeaseClaim implements Claim<T> {
    private final String resource;
    private final Lease lease;

    LeaseClaim(String resource, Lease lease) {
      this.resource = resource;
      this.lease = lease;
    }

    @Override
    public String resource() {
      return resource;
    }

    @Override
    public Fence fence() {
      return lease.fence();
    }

    @Override
    public <R, X extends Exception> Fenced<R> write(T tx, Work<R, X> work) throws X {
      Optional<Lease.Use> use = lease.use();
      if (use.isEmpty()) {
        return notHeld(lease);
      }
      try {
        observer.step("guard.write");
        Standing standing = floor.check(tx, resource, lease.fence());
        if (standing instanceof Standing.Unknown unknown) {
          throw unknown.failure();
        }
        if (standing instanceof Standing.Differs differs) {
          return rejected(resource, lease, differs.floor());
        }
        observer.step("guard.checked");
        return new Fenced.Accepted<>(work.run());
      } finally {
        use.get().close();
      }
    }
  }
}
