package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each defence is needed: without it, a simulated world breaks what is named here. */
class SimulatedTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(SimulatedTwins.NoFenceInTheWorldTwin.class, "LEASE-12", "LEASE-18", "LEASE-45")
        .and(SimulatedTwins.FenceWithoutClaimTwin.class, "LEASE-12", "LEASE-44", "LEASE-45")
        .and(SimulatedTwins.DeadlineFromReceiptTwin.class, "LEASE-11")
        .and(SimulatedTwins.TermToItsEndTwin.class, "LEASE-11")
        .and(SimulatedTwins.WallClockInTheDeadlineTwin.class, "LEASE-11", "LEASE-17")
        .and(SimulatedTwins.SameTokenToTheSameOwnerTwin.class, "LEASE-1", "LEASE-4")
        .and(SimulatedTwins.ReleaseByNameOnlyTwin.class, "LEASE-11")
        .and(SimulatedTwins.RetryWithoutNonceTwin.class, "LEASE-11", "LEASE-45")
        .and(SimulatedTwins.FloorInMemoryOnlyTwin.class, "LEASE-43")
        .and(SimulatedTwins.LossFromEventsOnlyTwin.class, "LEASE-11", "LEASE-15")
        .and(SimulatedTwins.TermWithoutAnEndTwin.class, "LEASE-14")
        .and(SimulatedTwins.ToldOnceTwin.class, "LEASE-32")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> twinsOfElections() {
    return Twins.of(SimulatedTwins.TermByTheLastEventTwin.class, "LEASE-53")
        .and(SimulatedTwins.LeadsUntilToldTwin.class, "LEASE-53")
        .and(SimulatedTwins.LeadsByTheWallClockTwin.class, "LEASE-53")
        .and(SimulatedTwins.DoesNotWaitForListenersTwin.class, "LEASE-51", "LEASE-55", "LEASE-80")
        .and(SimulatedTwins.SameNumberAgainTwin.class, "LEASE-52")
        .and(SimulatedTwins.NobodyIsElectedTwin.class, "LEASE-54")
        .and(SimulatedTwins.LeaderWithoutFenceTwin.class, "LEASE-12")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> twinsOfOptions() {
    return Twins.of(SimulatedTwins.SleepsUnnoticedTwin.class, "LEASE-17")
        .and(SimulatedTwins.NoLockDelayTwin.class, "LEASE-115")
        .and(SimulatedTwins.HangsForEverTwin.class, "LEASE-116")
        .tests();
  }
}
