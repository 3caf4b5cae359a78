package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each property of topics catches the topics that break it. */
class TopicTwinsTest {

  @TestFactory
  Stream<DynamicTest> bridgeTwins() {
    return Twins.of(BridgeTwins.LosesCopiesTwin.class, "TOPIC-1")
        .and(BridgeTwins.WaitsForRoomTwin.class, "TOPIC-2")
        .and(BridgeTwins.SettlesOnReceiptTwin.class, "TOPIC-3", "TOPIC-4")
        .and(BridgeTwins.RenamesCopiesTwin.class, "TOPIC-3")
        .and(BridgeTwins.TakesSilenceForYesTwin.class, "TOPIC-4")
        .and(BridgeTwins.NewestFirstTwin.class, "TOPIC-8")
        .and(BridgeTwins.DropsHeadersTwin.class, "TOPIC-10")
        .and(BridgeTwins.ForgetsTheSenderTwin.class, "TOPIC-10")
        .and(BridgeTwins.RestartsTheClockTwin.class, "TOPIC-10")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> subscriptionTwins() {
    return Twins.of(SubscriptionTwins.ForgetsTheLastTwin.class, "TOPIC-1")
        .and(SubscriptionTwins.ForgetsTheAbsentTwin.class, "TOPIC-5")
        .and(SubscriptionTwins.KeepsThePassingTwin.class, "TOPIC-5")
        .and(SubscriptionTwins.CachesTheListTwin.class, "TOPIC-6")
        .and(SubscriptionTwins.ReusesTheQueueTwin.class, "TOPIC-6")
        .and(SubscriptionTwins.CopiesToMembersTwin.class, "TOPIC-7")
        .and(SubscriptionTwins.SharesOneQueueTwin.class, "TOPIC-7")
        .and(SubscriptionTwins.AlwaysBlocksTwin.class, "TOPIC-9")
        .and(SubscriptionTwins.AlwaysDropsTwin.class, "TOPIC-9")
        .and(SubscriptionTwins.ImpatientTwin.class, "TOPIC-9")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> logTwins() {
    return Twins.of(LogTopicTwins.LosesMessagesTwin.class, "TOPIC-1")
        .and(LogTopicTwins.CommitsPastTheUnfinishedTwin.class, "TOPIC-1", "TOPIC-8")
        .and(LogTopicTwins.WaitsForTheSlowestTwin.class, "TOPIC-2")
        .and(LogTopicTwins.ForgetsTheAbsentTwin.class, "TOPIC-5")
        .and(LogTopicTwins.KeepsThePassingTwin.class, "TOPIC-5")
        .and(LogTopicTwins.KeepsItsEndToItselfTwin.class, "TOPIC-6")
        .and(LogTopicTwins.ReusesTheGroupTwin.class, "TOPIC-6")
        .and(LogTopicTwins.BeginsAtTheBeginningTwin.class, "TOPIC-1", "TOPIC-6")
        .and(LogTopicTwins.CopiesToMembersTwin.class, "TOPIC-7")
        .and(LogTopicTwins.NewestFirstTwin.class, "TOPIC-8")
        .and(LogTopicTwins.SkipsTheGapTwin.class, "TOPIC-9")
        .and(LogTopicTwins.DropsHeadersTwin.class, "TOPIC-10")
        .and(LogTopicTwins.RestartsTheClockTwin.class, "TOPIC-10")
        .tests();
  }
}
