package dev.ashlar.resilience.testkit;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each property of pipelines catches the pipelines, budgets and breakers that break it. */
class PipelineTwinsTest {

  @TestFactory
  Stream<DynamicTest> retryTwins() {
    return Twins.of(RetryTwins.OneTooManyTwin.class, "CALL-1")
        .and(RetryTwins.NoJitterTwin.class, "CALL-2", "CALL-3")
        .and(RetryTwins.WaitsTwiceTwin.class, "CALL-2", "CALL-4")
        .and(RetryTwins.OwnChanceTwin.class, "CALL-3")
        .and(RetryTwins.ObeysAnyRetryAfterTwin.class, "CALL-4")
        .and(RetryTwins.IgnoresRetryAfterTwin.class, "CALL-4")
        .and(RetryTwins.IgnoresTheCallersDeadlineTwin.class, "CALL-5", "CALL-17")
        .and(RetryTwins.InventsAFailureTwin.class, "CALL-5")
        .and(RetryTwins.RetriesUnknownTwin.class, "CALL-6")
        .and(RetryTwins.RetriesPermanentTwin.class, "CALL-7")
        .and(RetryTwins.GoesOnAfterAnInterruptTwin.class, "CALL-8")
        .and(RetryTwins.KeepsTheTokenTwin.class, "CALL-8")
        .and(RetryTwins.BelievesEveryResultTwin.class, "CALL-9")
        .and(RetryTwins.RetriesErrorsTwin.class, "CALL-10")
        .and(RetryTwins.FreshBudgetTwin.class, "CALL-16")
        .and(RetryTwins.IgnoresTheOwnerTwin.class, "CALL-24")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> guardTwins() {
    return Twins.of(GuardTwins.CountsEverythingTwin.class, "CALL-26")
        .and(GuardTwins.KeepsThePermitOfAnErrorTwin.class, "CALL-10")
        .and(GuardTwins.LosesTheContextTwin.class, "CALL-22")
        .and(GuardTwins.FallsBackWithoutContextTwin.class, "CALL-22")
        .and(GuardTwins.FallsBackForAnythingTwin.class, "CALL-46")
        .and(GuardTwins.FallsBackForEachAttemptTwin.class, "CALL-46")
        .and(GuardTwins.HidesThatItDegradedTwin.class, "CALL-46")
        .and(GuardTwins.FallsBackForEverTwin.class, "CALL-46")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> stateTwins() {
    return Twins.of(StateTwins.FedByRequestsTwin.class, "CALL-11", "CALL-12")
        .and(StateTwins.TwiceTheFloorTwin.class, "CALL-11", "CALL-12")
        .and(StateTwins.NeverRefusesTwin.class, "CALL-11", "CALL-12", "CALL-14")
        .and(StateTwins.LooksThenTakesTwin.class, "CALL-13")
        .and(StateTwins.RefusalCostsTwin.class, "CALL-14")
        .and(StateTwins.OpensOneTooEarlyTwin.class, "CALL-25")
        .and(StateTwins.ForgetsNothingTwin.class, "CALL-25")
        .and(StateTwins.CountsWhatIsIgnoredTwin.class, "CALL-26")
        .and(StateTwins.OpensOneNanoLateTwin.class, "CALL-27")
        .and(StateTwins.NoJitterTwin.class, "CALL-27")
        .and(StateTwins.LetsAllProbeTwin.class, "CALL-27")
        .and(StateTwins.WaitsForLostProbesTwin.class, "CALL-28")
        .tests();
  }
}
