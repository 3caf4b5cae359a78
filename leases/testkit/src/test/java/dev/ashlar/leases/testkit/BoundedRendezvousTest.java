package dev.ashlar.leases.testkit;

import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.own.BoundedRendezvous;
import dev.ashlar.leases.own.PartitionAssigner;

/** Rendezvous hashing with a bound keeps the contract of assigners. */
@Subject("ownership")
class BoundedRendezvousTest extends AssignmentContract {

  @Override
  protected PartitionAssigner assigner() {
    return BoundedRendezvous.standard();
  }

  @Override
  protected int boundPercent() {
    return 125;
  }
}
