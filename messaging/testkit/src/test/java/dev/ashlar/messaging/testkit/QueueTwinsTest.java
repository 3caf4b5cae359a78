package dev.ashlar.messaging.testkit;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each property of queues catches the queues and consumers that break it. */
class QueueTwinsTest {

  @TestFactory
  Stream<DynamicTest> deliveryTwins() {
    return Twins.of(DeliveryTwins.LosesSendsTwin.class, "QUEUE-1")
        .and(DeliveryTwins.AcksEarlyTwin.class, "QUEUE-3", "QUEUE-25")
        .and(DeliveryTwins.NeverLapsesTwin.class, "QUEUE-3")
        .and(DeliveryTwins.LapsesEarlyTwin.class, "QUEUE-3", "QUEUE-5")
        .and(DeliveryTwins.RenewsNothingTwin.class, "QUEUE-5")
        .and(DeliveryTwins.ForgetsAttemptsTwin.class, "QUEUE-31")
        .and(DeliveryTwins.IgnoresDelayTwin.class, "QUEUE-23")
        .and(DeliveryTwins.CallsUnknownRefusedTwin.class, "QUEUE-26")
        .and(DeliveryTwins.AnswersAllOrNothingTwin.class, "QUEUE-27")
        .and(DeliveryTwins.RepeatsBatchesTwin.class, "QUEUE-27")
        .and(DeliveryTwins.DropsEmptyHeadersTwin.class, "QUEUE-30")
        .and(DeliveryTwins.SharesHeadersTwin.class, "QUEUE-30")
        .and(DeliveryTwins.LastInFirstOutTwin.class, "QUEUE-16")
        .and(DeliveryTwins.IgnoresKeysTwin.class, "QUEUE-17", "QUEUE-18")
        .and(DeliveryTwins.ReordersOnRetryTwin.class, "QUEUE-18")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> settlementTwins() {
    return Twins.of(SettlementTwins.RedeliversSettledTwin.class, "QUEUE-2")
        .and(SettlementTwins.SettlesByMessageTwin.class, "QUEUE-7")
        .and(SettlementTwins.SecondSettleBreaksTwin.class, "QUEUE-8")
        .and(SettlementTwins.SecondSettleWinsTwin.class, "QUEUE-7", "QUEUE-8")
        .and(SettlementTwins.DropsOnRetryTwin.class, "QUEUE-9")
        .and(SettlementTwins.RetriesTooEarlyTwin.class, "QUEUE-9")
        .and(SettlementTwins.RetryBlocksOthersTwin.class, "QUEUE-10")
        .and(SettlementTwins.NeverGivesUpTwin.class, "QUEUE-11")
        .and(SettlementTwins.DeadLettersTwiceTwin.class, "QUEUE-11")
        .and(SettlementTwins.ForgetsCausesTwin.class, "QUEUE-11")
        .and(SettlementTwins.RetriesDeadLettersTwin.class, "QUEUE-12")
        .and(SettlementTwins.DropsDeadLettersTwin.class, "QUEUE-12", "QUEUE-15")
        .and(SettlementTwins.RemovesBeforeItSetsAsideTwin.class, "QUEUE-13")
        .and(SettlementTwins.RedrivesWithNewIdTwin.class, "QUEUE-14")
        .and(SettlementTwins.RedrivesSpentTwin.class, "QUEUE-14")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> connectionTwins() {
    return Twins.of(ConnectionTwins.IgnoresLostConnectionsTwin.class, "QUEUE-4").tests();
  }

  @Test
  void aQueueThatNoticesALostConnectionIsNotMistakenForATwin() throws Exception {
    new ConnectionTwins.Connected().aDeliveryWhoseConnectionIsLostGoesToAnotherConsumer();
  }

  @TestFactory
  Stream<DynamicTest> parkingTwins() {
    return Twins.of(ParkingTwins.GoesOnBehindDeadLettersTwin.class, "QUEUE-19")
        .and(ParkingTwins.RedrivesToTheEndTwin.class, "QUEUE-19")
        .and(ParkingTwins.ParksWithoutBoundTwin.class, "QUEUE-19")
        .and(ParkingTwins.DropsWhatFindsTheParkFullTwin.class, "QUEUE-19")
        .and(ParkingTwins.NeverReleasesTwin.class, "QUEUE-19")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> stressTwins() {
    return Twins.of(StressTwins.LosesSomeTwin.class, "QUEUE-1")
        .and(StressTwins.RepeatsSomeTwin.class, "QUEUE-2")
        .and(StressTwins.ForgetsSomeKeysTwin.class, "QUEUE-17")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> handOverTwins() {
    return Twins.of(HandOverTwins.TellsNobodyTwin.class, "QUEUE-32")
        .and(HandOverTwins.IgnoresTheObserversHeadersTwin.class, "QUEUE-32")
        .and(HandOverTwins.ForgetsTheSenderTwin.class, "QUEUE-32")
        .and(HandOverTwins.HidesOutcomesTwin.class, "QUEUE-33")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> diskTwins() {
    return Twins.of(DiskTwins.AcceptsBeforeItWritesTwin.class, "QUEUE-25")
        .and(DiskTwins.SettlesBeforeItWritesTwin.class, "QUEUE-2", "QUEUE-24")
        .and(DiskTwins.ForgetsDeliveriesAtOpeningTwin.class, "QUEUE-31")
        .and(DiskTwins.ForgetsDeadLettersAtOpeningTwin.class, "QUEUE-11")
        .and(DiskTwins.DeliversTornRecordsTwin.class, "QUEUE-2", "QUEUE-25")
        .and(DiskTwins.ReusesNumbersTwin.class, "QUEUE-25")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> pipelineTwins() {
    return Twins.of(PipelineTwins.RefusesWhatIsLateTwin.class, "QUEUE-34")
        .and(PipelineTwins.StoresWhatIsTooMuchTwin.class, "QUEUE-34")
        .and(PipelineTwins.SaysYesTwin.class, "QUEUE-35")
        .and(PipelineTwins.SendsWhenAskedTwin.class, "QUEUE-35")
        .and(PipelineTwins.ForgetsRefusalsTwin.class, "QUEUE-35")
        .and(PipelineTwins.SettlesTheFirstTwin.class, "QUEUE-36")
        .and(PipelineTwins.HidesStaleOnesTwin.class, "QUEUE-36")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> consumerTwins() {
    return Twins.of(ConsumerTwins.RenewsForeverTwin.class, "QUEUE-6")
        .and(ConsumerTwins.TakesTooManyTwin.class, "QUEUE-20")
        .and(ConsumerTwins.IgnoresCapacityTwin.class, "QUEUE-21")
        .and(ConsumerTwins.SwallowsWhenFullTwin.class, "QUEUE-21")
        .and(ConsumerTwins.RefusesAtOnceTwin.class, "QUEUE-21")
        .and(ConsumerTwins.IgnoresExpiryTwin.class, "QUEUE-22")
        .and(ConsumerTwins.MarksAfterWorkTwin.class, "QUEUE-24")
        .and(ConsumerTwins.MarksBeforeWorkTwin.class, "QUEUE-25")
        .and(ConsumerTwins.ClosesOverHandlersTwin.class, "QUEUE-28")
        .and(ConsumerTwins.KeepsUnstartedTwin.class, "QUEUE-28")
        .and(ConsumerTwins.DropsUnstartedTwin.class, "QUEUE-28")
        .and(ConsumerTwins.HangsOnCloseTwin.class, "QUEUE-29")
        .tests();
  }
}
