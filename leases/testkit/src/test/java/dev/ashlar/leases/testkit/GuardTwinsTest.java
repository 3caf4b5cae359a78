package dev.ashlar.leases.testkit;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of a guard is caught by the property that is named for it. */
class GuardTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(GuardTwins.NoFenceTwin.class, "LEASE-43", "LEASE-45", "LEASE-46")
        .and(GuardTwins.VolatileFloorTwin.class, "LEASE-43")
        .and(GuardTwins.LooksThenActsTwin.class, "LEASE-43")
        .and(GuardTwins.DoesNotWaitTwin.class, "LEASE-44")
        .and(GuardTwins.NoClaimTwin.class, "LEASE-44", "LEASE-45")
        .and(GuardTwins.AcceptsLargerTwin.class, "LEASE-46")
        .and(GuardTwins.IgnoresNonceTwin.class, "LEASE-47")
        .and(GuardTwins.RefusesRepeatTwin.class, "LEASE-47")
        .and(GuardTwins.TellsNobodyTwin.class, "LEASE-48")
        .and(GuardTwins.TakesRegressionForLateTwin.class, "LEASE-49")
        .and(GuardTwins.OneFloorForALeaseTwin.class, "LEASE-50")
        .and(GuardTwins.KeepsRejectionsTwin.class, "LEASE-32")
        .and(GuardTwins.TriesOnceTwin.class, "LEASE-32")
        .and(GuardTwins.TellsFirstTwin.class, "LEASE-32")
        .tests();
  }
}
