package dev.ashlar.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("results")
class ResultsTest {

  private static final Workload WORKLOAD = new Workload("w", "one", "table", "acks/s", false);
  private static final Peer YARDSTICK = new Peer("y", "Yardstick", "all");
  private static final Peer OTHER = new Peer("o", "Other", "less");

  @Test
  void aRatioIsTakenWithinARepetitionAndThenTheMedian() {
    Results results = new Results(3);
    // A slow second repetition slows both; the ratio of the medians would be 0.2.
    add(results, 0, 1000, 500);
    add(results, 1, 100, 50);
    add(results, 2, 2000, 200);
    assertThat(results.spread(WORKLOAD, OTHER, Figures.MAIN)).contains(new Spread(200, 50, 500));
    assertThat(results.ratio(WORKLOAD, OTHER, YARDSTICK, Figures.MAIN))
        .contains(new Spread(0.5, 0.1, 0.5));
    assertThat(
            new Tables(results, List.of(YARDSTICK, OTHER), (peer, workload) -> true)
                .lines(List.of(WORKLOAD)))
        .contains(
            "| Yardstick | 1000 (100 to 2000), 1.00x |", "| Other | 200 (50.0 to 500), 0.50x |");
  }

  @Test
  void aRunThatFailedLeavesAGap() {
    Results results = new Results(1);
    results.add(WORKLOAD, YARDSTICK, 0, Figures.of(7));
    assertThat(
            new Tables(results, List.of(YARDSTICK, OTHER), (peer, workload) -> true)
                .lines(List.of(WORKLOAD)))
        .contains("| Other | - |");
  }

  @Test
  void whoDoesNotBelongToATableHasNoRowAndIsNotItsYardstick() {
    Results results = new Results(1);
    add(results, 0, 1000, 500);
    assertThat(
            new Tables(results, List.of(YARDSTICK, OTHER), (peer, workload) -> peer.equals(OTHER))
                .lines(List.of(WORKLOAD)))
        .contains("**table: one; median ratio to Other**", "| Other | 500 (500 to 500), 1.00x |")
        .noneMatch(line -> line.startsWith("| Yardstick | 1000"));
  }

  @Test
  void aGoalIsMetOrMissedByTheWorstOfItsRatios() {
    Results results = new Results(1);
    add(results, 0, 1000, 900);
    List<Goal> goals =
        List.of(
            Goal.times("o", "w", 0.9, "y"),
            Goal.times("o", "w", 0.95, "y", "z"),
            Goal.atMost("o", "w", Figures.MAIN, 800),
            Goal.times("o", "other workload", 1, "y"),
            Goal.times("o", "w", 1, "z"));
    assertThat(new GoalTable(results, List.of(YARDSTICK, OTHER), List.of(WORKLOAD)).lines(goals))
        .containsExactly(
            "| goal | who | is to be | is | |",
            "| --- | --- | --- | --- | --- |",
            "| table, one, acks/s | Other | 0.90x Yardstick | 0.90x | met |",
            "| table, one, acks/s | Other | 0.95x Yardstick | 0.90x | **missed** |",
            "| table, one, acks/s | Other | at most 800 | 900 | **missed** |",
            "");
  }

  @Test
  void threeDigitsCount() {
    assertThat(Spread.short3(12_740_000)).isEqualTo("12.7 M");
    assertThat(Spread.short3(87_040)).isEqualTo("87.0 k");
    assertThat(Spread.short3(285.4)).isEqualTo("285");
    assertThat(Spread.short3(9.444)).isEqualTo("9.44");
  }

  private static void add(Results results, int repetition, double yardstick, double other) {
    results.add(WORKLOAD, YARDSTICK, repetition, Figures.of(yardstick));
    results.add(WORKLOAD, OTHER, repetition, Figures.of(other));
  }
}
