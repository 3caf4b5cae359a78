package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.PropertyList;
import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of optimistic concurrency is caught by the property that is named for it. */
class ConditionalTwinsTest {

  @TestFactory
  Stream<DynamicTest> stores() {
    return Twins.of(ConditionalTwins.DeletesRowsTwin.class, "LEASE-91", "LEASE-93")
        .and(ConditionalTwins.ComparesValuesTwin.class, "LEASE-91")
        .and(ConditionalTwins.LastWriteWinsTwin.class, "LEASE-90", "LEASE-91", "LEASE-96")
        .and(ConditionalTwins.ReadsAReplicaTwin.class, "LEASE-90")
        .and(ConditionalTwins.OverwritesTwin.class, "LEASE-92")
        .and(ConditionalTwins.StillShowsTwin.class, "LEASE-92")
        .and(ConditionalTwins.TakesAnyNumberTwin.class, "LEASE-93")
        .and(ConditionalTwins.ForgetsTheNumberTwin.class, "LEASE-93")
        .and(ConditionalTwins.IgnoresNoncesTwin.class, "LEASE-94")
        .and(ConditionalTwins.IgnoresCaseTwin.class, "LEASE-94")
        .and(ConditionalTwins.KeepsOneNonceTwin.class, "LEASE-94", "LEASE-95")
        .and(ConditionalTwins.MixesUpNoncesTwin.class, "LEASE-95")
        .and(ConditionalTwins.UnboundedTwin.class, "LEASE-98")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> updates() {
    return Twins.of(ConditionalTwins.RetriesBlindlyTwin.class, "LEASE-96", "LEASE-97")
        .and(ConditionalTwins.TakesSilenceForYesTwin.class, "LEASE-96", "LEASE-97")
        .and(ConditionalTwins.TakesSilenceForNoTwin.class, "LEASE-96", "LEASE-97")
        .and(ConditionalTwins.WritesUnconditionallyTwin.class, "LEASE-96")
        .and(ConditionalTwins.GivesUpSilentlyTwin.class, "LEASE-97")
        .and(ConditionalTwins.LooksAtTheLastNonceTwin.class, "LEASE-96", "LEASE-97")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> claims() {
    return Twins.of(ClaimedTwins.IgnoresTheClaimTwin.class, "LEASE-105", "LEASE-106")
        .and(ClaimedTwins.ChecksOnceTwin.class, "LEASE-105")
        .and(ClaimedTwins.ChecksInAnotherTransactionTwin.class, "LEASE-105")
        .and(ClaimedTwins.ChecksTheNumberAloneTwin.class, "LEASE-106")
        .and(ClaimedTwins.TakesStaleForConflictTwin.class, "LEASE-106")
        .and(ClaimedTwins.ShowsASnapshotTwin.class, "LEASE-106")
        .and(ClaimedTwins.DoesNotLookBackTwin.class, "LEASE-107")
        .and(ClaimedTwins.TakesStaleForNeverTwin.class, "LEASE-107")
        .tests();
  }

  @Test
  void everyPropertyOfClaimsIsProvedAsItIsNeeded() {
    PropertyList list = PropertyList.beside(ClaimedStoreContract.class);
    assertThat(list.assertProved("versioned-claim", 3, ClaimedStoreContract.class)).isEmpty();
  }

  @Test
  void everyPropertyIsProvedAsItIsNeeded() {
    PropertyList list = PropertyList.beside(ConditionalStoreContract.class);
    assertThat(list.assertProved("versioned", 9, ConditionalStoreContract.class)).isEmpty();
  }
}
