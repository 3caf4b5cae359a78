package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each property of event stores catches the stores that break it. */
class EventStoreTwinsTest {

  @TestFactory
  Stream<DynamicTest> appendTwins() {
    return Twins.of(AppendTwins.IgnoresExpectationTwin.class, "STORE-1", "STORE-2")
        .and(AppendTwins.StoresInConflictTwin.class, "STORE-1")
        .and(AppendTwins.TellsNoEndTwin.class, "STORE-1")
        .and(AppendTwins.LooksThenAppendsTwin.class, "STORE-2")
        .and(AppendTwins.StoresOneByOneTwin.class, "STORE-3")
        .and(AppendTwins.ForgetsItsAppendsTwin.class, "STORE-4")
        .and(AppendTwins.StoresAgainTwin.class, "STORE-4")
        .and(AppendTwins.IgnoresContentTwin.class, "STORE-4")
        .and(AppendTwins.AnswersWithTodaysEndTwin.class, "STORE-4")
        .and(AppendTwins.CallsUnknownRefusedTwin.class, "STORE-4")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> readTwins() {
    return Twins.of(ReadTwins.OffByOneTwin.class, "STORE-7")
        .and(ReadTwins.ReadsBackwardsTwin.class, "STORE-7")
        .and(ReadTwins.ReadsTooMuchTwin.class, "STORE-7")
        .and(ReadTwins.DropsHeadersTwin.class, "STORE-7")
        .and(ReadTwins.IgnoresBoundsTwin.class, "STORE-8")
        .and(ReadTwins.SwallowsWhenFullTwin.class, "STORE-8")
        .and(ReadTwins.TellsNobodyTwin.class, "STORE-9")
        .and(ReadTwins.HidesOutcomesTwin.class, "STORE-9")
        .and(ReadTwins.ReadsStaleTwin.class, "STORE-10")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> diskTwins() {
    return Twins.of(DiskStoreTwins.AnswersBeforeItWritesTwin.class, "STORE-11")
        .and(DiskStoreTwins.ReadsAnOlderRootAtOpeningTwin.class, "STORE-11")
        .and(DiskStoreTwins.TakesTornAppendsTwin.class, "STORE-3")
        .and(DiskStoreTwins.ForgetsIdsAtOpeningTwin.class, "STORE-4")
        .tests();
  }
}
