package dev.ashlar.leases.testkit;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of an election, and of an owner, is caught by the property named for it. */
class ElectionTwinsTest {

  @TestFactory
  Stream<DynamicTest> elections() {
    return Twins.of(ElectionTwins.NotifiesFromManyThreadsTwin.class, "LEASE-51")
        .and(ElectionTwins.KeepsItsNumberTwin.class, "LEASE-52")
        .and(ElectionTwins.TrustsTheLastEventTwin.class, "LEASE-53")
        .and(ElectionTwins.NeverStandsAgainTwin.class, "LEASE-54")
        .and(ElectionTwins.ForgetsTheEndOnCloseTwin.class, "LEASE-55")
        .and(ElectionTwins.GivesBackFirstTwin.class, "LEASE-80")
        .and(ElectionTwins.DoesNotCoolDownTwin.class, "LEASE-81")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> owners() {
    return Twins.of(OwnerTwins.GivesBackBeforeItHasEndedTwin.class, "LEASE-82")
        .and(OwnerTwins.AsksOnceTwin.class, "LEASE-83")
        .and(OwnerTwins.OneThreadForAllTwin.class, "LEASE-84")
        .and(OwnerTwins.TrustsTheHintTwin.class, "LEASE-104")
        .and(OwnerTwins.BeginsWithoutAClaimTwin.class, "LEASE-104")
        .tests();
  }
}
