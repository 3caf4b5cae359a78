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
        .and(StoreTwins.KeepsNumberOfOwnerTwin.class, "LEASE-3", "LEASE-4", "LEASE-12")
        .and(StoreTwins.SameNumberAfterAJumpTwin.class, "LEASE-18")
        .and(StoreTwins.NeverExpiresTwin.class, "LEASE-14")
        .and(StoreTwins.ClaimsAQueueTwin.class, "LEASE-41")
        .and(StoreTwins.NewNumberOnExtendTwin.class, "LEASE-5")
        .and(StoreTwins.VolatileNumbersTwin.class, "LEASE-8")
        .and(StoreTwins.ShortNumbersTwin.class, "LEASE-9")
        .and(StoreTwins.LetsOwnersInAgainTwin.class, "LEASE-13", "LEASE-39")
        .and(StoreTwins.ExtendsExpiredTwin.class, "LEASE-19")
        .and(StoreTwins.NoNonceTwin.class, "LEASE-22", "LEASE-24", "LEASE-27")
        .and(StoreTwins.NoncesCanBeReusedTwin.class, "LEASE-19", "LEASE-24")
        .and(StoreTwins.ReleasesByNameTwin.class, "LEASE-24", "LEASE-25")
        .and(StoreTwins.ExtendsByNameTwin.class, "LEASE-26")
        .and(StoreTwins.IgnoresReleaseTwin.class, "LEASE-34", "LEASE-36")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> holders() {
    return Twins.of(HolderTwins.ReadsTheCurrentNumberTwin.class, "LEASE-6")
        .and(HolderTwins.FreshNonceForEachTryTwin.class, "LEASE-10", "LEASE-22")
        .and(HolderTwins.WaitsForAnEventTwin.class, "LEASE-11", "LEASE-15", "LEASE-20")
        .and(HolderTwins.CountsFromTheAnswerTwin.class, "LEASE-16")
        .and(HolderTwins.WallClockTwin.class, "LEASE-17")
        .and(HolderTwins.RevivesTwin.class, "LEASE-20")
        .and(HolderTwins.GuessesSuccessTwin.class, "LEASE-23")
        .and(HolderTwins.ComplainsOnCloseTwin.class, "LEASE-33")
        .and(HolderTwins.ReleasesUnderWorkTwin.class, "LEASE-35")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> ends() {
    return Twins.of(EndTwins.RenewsOneAfterTheOtherTwin.class, "LEASE-21")
        .and(EndTwins.TellsTwiceTwin.class, "LEASE-28")
        .and(EndTwins.TellsOfEveryEndTwin.class, "LEASE-28")
        .and(EndTwins.TellsBeforeItIsSoTwin.class, "LEASE-29")
        .and(EndTwins.TellsOneAfterTheOtherTwin.class, "LEASE-30")
        .and(EndTwins.TellsNobodyLaterTwin.class, "LEASE-31")
        .and(EndTwins.LeavesAThreadTwin.class, "LEASE-36")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> waits() {
    return Twins.of(EndTwins.GrantsUnaskedTwin.class, "LEASE-37")
        .and(EndTwins.WaitsByTheWallClockTwin.class, "LEASE-38")
        .and(EndTwins.BelongsToAThreadTwin.class, "LEASE-40")
        .and(EndTwins.PassesOneOverTwin.class, "LEASE-41")
        .and(EndTwins.WakesAllTwin.class, "LEASE-42")
        .and(EndTwins.ShowsTheLastGrantTwin.class, "LEASE-64")
        .and(EndTwins.ExtendsAllOrNoneTwin.class, "LEASE-65")
        .tests();
  }
}
