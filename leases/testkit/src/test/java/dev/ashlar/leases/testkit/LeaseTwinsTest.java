package dev.ashlar.leases.testkit;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of a lease is caught by the property that is named for it. */
class LeaseTwinsTest {

  @TestFactory
  Stream<DynamicTest> stores() {
    return Twins.of(StoreTwins.CountsPerOwnerTwin.class, "LEASE-1", "LEASE-2")
        .and(StoreTwins.DeletesReleasedTwin.class, "LEASE-3", "LEASE-4", "LEASE-7")
        .and(StoreTwins.KeepsNumberOfOwnerTwin.class, "LEASE-3", "LEASE-4")
        .and(StoreTwins.NewNumberOnExtendTwin.class, "LEASE-5")
        .and(StoreTwins.VolatileNumbersTwin.class, "LEASE-8")
        .and(StoreTwins.ShortNumbersTwin.class, "LEASE-9")
        .and(StoreTwins.LetsOwnersInAgainTwin.class, "LEASE-13")
        .and(StoreTwins.ExtendsExpiredTwin.class, "LEASE-19")
        .and(StoreTwins.NoNonceTwin.class, "LEASE-22", "LEASE-24")
        .and(StoreTwins.NoncesCanBeReusedTwin.class, "LEASE-19", "LEASE-24")
        .and(StoreTwins.ReleasesByNameTwin.class, "LEASE-24", "LEASE-25")
        .and(StoreTwins.ExtendsByNameTwin.class, "LEASE-26")
        .and(StoreTwins.IgnoresReleaseTwin.class, "LEASE-34")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> holders() {
    return Twins.of(HolderTwins.ReadsTheCurrentNumberTwin.class, "LEASE-6")
        .and(HolderTwins.FreshNonceForEachTryTwin.class, "LEASE-10", "LEASE-22")
        .and(HolderTwins.WaitsForAnEventTwin.class, "LEASE-15", "LEASE-20")
        .and(HolderTwins.CountsFromTheAnswerTwin.class, "LEASE-16")
        .and(HolderTwins.WallClockTwin.class, "LEASE-17")
        .and(HolderTwins.RevivesTwin.class, "LEASE-20")
        .and(HolderTwins.GuessesSuccessTwin.class, "LEASE-23")
        .and(HolderTwins.ComplainsOnCloseTwin.class, "LEASE-33")
        .and(HolderTwins.ReleasesUnderWorkTwin.class, "LEASE-35")
        .tests();
  }
}
