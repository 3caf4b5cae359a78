package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.ReleaseOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A lease that hands everything on. */
abstract class ForwardingLease implements Lease {
  private final Lease inner;

  ForwardingLease(Lease inner) {
    this.inner = inner;
  }

  @Override
  public Fence fence() {
    return inner.fence();
  }

  @Override
  public LeaseState state() {
    return inner.state();
  }

  @Override
  public Optional<LossCause> lossCause() {
    return inner.lossCause();
  }

  @Override
  public Duration remaining() {
    return inner.remaining();
  }

  @Override
  public Optional<Use> use() {
    return inner.use();
  }

  @Override
  public LeaseState confirm(Deadline deadline) throws InterruptedException {
    return inner.confirm(deadline);
  }

  @Override
  public void lose(LossCause cause) {
    inner.lose(cause);
  }

  @Override
  public void whenLost(Consumer<LossCause> listener) {
    inner.whenLost(listener);
  }

  @Override
  public void progress() {
    inner.progress();
  }

  @Override
  public ReleaseOutcome release(Deadline deadline) throws InterruptedException {
    return inner.release(deadline);
  }

  @Override
  public void close() {
    inner.close();
  }
}
