package dev.ashlar.leases.world;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.ReleaseOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a worker believes, as the lease that a term is made of: as much of it as an election looks
 * at.
 */
record SimLease(Belief belief) implements Lease {

  @Override
  public Fence fence() {
    return belief.fence();
  }

  @Override
  public LeaseState state() {
    return belief.state();
  }

  @Override
  public boolean stillHeld() {
    return belief.isHeld();
  }

  @Override
  public Optional<LossCause> lossCause() {
    return belief.lossCause();
  }

  @Override
  public Duration remaining() {
    return belief.remaining();
  }

  @Override
  public void lose(LossCause cause) {
    belief.lose(cause);
  }

  @Override
  public void progress() {
    belief.progressed();
  }

  @Override
  public Optional<Use> use() {
    throw waits("use");
  }

  @Override
  public LeaseState confirm(Deadline deadline) {
    throw waits("confirm");
  }

  @Override
  public void whenLost(Consumer<LossCause> listener) {
    throw waits("whenLost");
  }

  @Override
  public ReleaseOutcome release(Deadline deadline) {
    throw waits("release");
  }

  @Override
  public void close() {
    throw waits("close");
  }

  private static UnsupportedOperationException waits(String what) {
    return new UnsupportedOperationException(
        what + ": waits, or has others wait (expected: nothing that does, in a simulated world)");
  }
}
