package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each property of logs catches the logs and consumers that break it. */
class LogTwinsTest {

  @TestFactory
  Stream<DynamicTest> readingTwins() {
    return Twins.of(ReadingTwins.ReordersTwin.class, "LOG-1")
        .and(ReadingTwins.ChangesRecordsTwin.class, "LOG-2")
        .and(ReadingTwins.IgnoresTimeTwin.class, "LOG-7")
        .and(ReadingTwins.SkipsOneBehindPositionsTwin.class, "LOG-7", "LOG-15")
        .and(ReadingTwins.JumpsSilentlyTwin.class, "LOG-11")
        .and(ReadingTwins.SpreadsKeysTwin.class, "LOG-13")
        .and(ReadingTwins.RestartsCursorsTwin.class, "LOG-14")
        .and(ReadingTwins.ReopensAtTheEndTwin.class, "LOG-14")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> groupTwins() {
    return Twins.of(GroupTwins.SharesProgressTwin.class, "LOG-3")
        .and(GroupTwins.ConfirmsLateCommitsTwin.class, "LOG-4")
        .and(GroupTwins.KeepsEpochsTwin.class, "LOG-4")
        .and(GroupTwins.OwnsTwiceTwin.class, "LOG-4")
        .and(GroupTwins.ForgetsCommitsTwin.class, "LOG-5")
        .and(GroupTwins.CommitsWhatIsReadTwin.class, "LOG-5", "LOG-6")
        .and(GroupTwins.KeepsBuffersTwin.class, "LOG-12")
        .and(GroupTwins.StartsChildrenEarlyTwin.class, "LOG-18")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> forgettingTwins() {
    return Twins.of(ForgettingTwins.NeverForgetsTwin.class, "LOG-21")
        .and(ForgettingTwins.ForgetsTheLivingTwin.class, "LOG-21")
        .and(ForgettingTwins.ForgetsAllTwin.class, "LOG-21")
        .and(ForgettingTwins.BeginsAtTheEndTwin.class, "LOG-15")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> transactionTwins() {
    return Twins.of(TransactionTwins.ReadsByPositionOnlyTwin.class, "LOG-8")
        .and(TransactionTwins.LosesAppendsTwin.class, "LOG-8")
        .and(TransactionTwins.WaitsAtGapsTwin.class, "LOG-9")
        .and(TransactionTwins.HidesDelaysTwin.class, "LOG-10")
        .and(TransactionTwins.ShowsUncommittedTwin.class, "LOG-16")
        .and(TransactionTwins.TearsTransactionsTwin.class, "LOG-16")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> handOverTwins() {
    return Twins.of(HandOverTwins.TellsNobodyTwin.class, "LOG-19")
        .and(HandOverTwins.IgnoresTheObserversHeadersTwin.class, "LOG-19")
        .and(HandOverTwins.ForgetsTheSenderTwin.class, "LOG-19")
        .and(HandOverTwins.HidesRefusalsTwin.class, "LOG-19")
        .and(HandOverTwins.HidesOutcomesTwin.class, "LOG-20")
        .and(HandOverTwins.DiskTellsNobodyTwin.class, "LOG-19")
        .and(HandOverTwins.DiskHidesRefusalsTwin.class, "LOG-19")
        .and(HandOverTwins.DiskHidesOutcomesTwin.class, "LOG-20")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> poisonTwins() {
    return Twins.of(PoisonTwins.SkipsPoisonTwin.class, "LOG-17")
        .and(PoisonTwins.StopsAtPoisonTwin.class, "LOG-17")
        .and(PoisonTwins.NeverRetriesTwin.class, "LOG-17")
        .tests();
  }
}
