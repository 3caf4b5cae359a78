package dev.ashlar.leases.testkit;

import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.own.BoundedRendezvous;
import dev.ashlar.leases.own.PartitionAssigner;

/** So it does with a bound that leaves next to no room. */
@Subject("ownership")
class EvenRendezvousTest extends AssignmentContract {

  @Override
  protected PartitionAssigner assigner() {
    return BoundedRendezvous.withBound(110);
  }

  @Override
  protected int boundPercent() {
    return 110;
  }
}
