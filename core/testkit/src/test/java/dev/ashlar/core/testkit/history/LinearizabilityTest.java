package dev.ashlar.core.testkit.history;

import static dev.ashlar.core.testkit.history.Calls.DONE;
import static dev.ashlar.core.testkit.history.Calls.answered;
import static dev.ashlar.core.testkit.history.Calls.append;
import static dev.ashlar.core.testkit.history.Calls.check;
import static dev.ashlar.core.testkit.history.Calls.claim;
import static dev.ashlar.core.testkit.history.Calls.count;
import static dev.ashlar.core.testkit.history.Calls.failed;
import static dev.ashlar.core.testkit.history.Calls.fencedWrite;
import static dev.ashlar.core.testkit.history.Calls.judge;
import static dev.ashlar.core.testkit.history.Calls.lost;
import static dev.ashlar.core.testkit.history.Calls.read;
import static dev.ashlar.core.testkit.history.Calls.seen;
import static dev.ashlar.core.testkit.history.Calls.set;
import static dev.ashlar.core.testkit.history.Calls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that are known to be good or bad, and what is said of the bad ones. */
class LinearizabilityTest {

  // Registers.

  @Test
  void aReadMaySeeAWriteThatOverlapsItOrNot() {
    assertGood(List.of(write(1, 10, "x"), read(2, 3, "")));
    assertGood(List.of(write(1, 10, "x"), read(2, 3, "x")));
    assertGood(List.of(write(1, 10, "x"), read(2, 3, ""), read(4, 5, "x")));
  }

  @Test
  void aReadMustNotSeeWhatWasOverwrittenBeforeItBegan() {
    assertBad(List.of(write(1, 2, "x"), write(3, 4, "y"), read(5, 6, "x")));
    assertGood(List.of(write(1, 2, "x"), write(3, 5, "y"), read(4, 6, "x")));
  }

  @Test
  void whatTwoReadersSeeMustNotGoBack() {
    assertBad(List.of(write(1, 10, "x"), read(2, 3, "x"), read(4, 5, "")));
  }

  @Test
  void whatEndsAndBeginsAtOneMomentHasNoOrder() {
    assertGood(List.of(write(1, 2, "x"), write(2, 3, "y"), read(4, 5, "x")));
  }

  @Test
  void oneOfTwoThatReplaceTheSameValueFails() {
    assertBad(List.of(set(1, 10, "", "x", true), set(2, 9, "", "y", true)));
    assertGood(List.of(set(1, 10, "", "x", true), set(2, 9, "", "y", false)));
  }

  // Outcomes.

  @Test
  void aWriteWithoutAnAnswerMayHappenAtAnyTimeOrNever() {
    assertGood(List.of(lost(1, "x"), read(2, 3, ""), read(100, 101, "x")));
    assertGood(List.of(lost(1, "x"), read(2, 3, ""), read(100, 101, "")));
    assertBad(List.of(lost(1, "x"), read(2, 3, "x"), read(4, 5, "")));
    assertBad(List.of(lost(4, "x"), read(2, 3, "x")));
  }

  @Test
  void aWriteThatFailedMustNotBeSeen() {
    assertBad(List.of(failed(1, 2, "x"), read(3, 4, "x")));
    assertGood(List.of(failed(1, 2, "x"), read(3, 4, "")));
  }

  @Test
  void objectsOfDifferentKeysHaveNothingInCommon() {
    List<Operation<Register.Input<String>, Register.Output<String>>> two =
        List.of(
            new Operation<>("p", "a", new Register.Write<>("x"), answered(DONE), new Span(1, 2)),
            new Operation<>(
                "p",
                "b",
                new Register.Read<>(),
                answered(new Register.Value<>("")),
                new Span(3, 4)));

    assertThat(check(two).isLinearizable()).isTrue();
    assertThat(check(List.of()).isLinearizable()).isTrue();
  }

  @Test
  void aViolationUnderOneKeyWeighsMoreThanAnUndecidedOne() {
    List<Operation<Register.Input<String>, Register.Output<String>>> history = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      history.add(
          new Operation<>("p", "a", new Register.Write<>("x" + i), answered(DONE), new Span(1, 9)));
    }
    history.add(
        new Operation<>(
            "p",
            "a",
            new Register.Read<>(),
            answered(new Register.Value<>("never")),
            new Span(1, 9)));
    Verdict undecided =
        Linearizability.of(Register.startingAt("")).withStepsMax(100).check(history);
    history.add(
        new Operation<>(
            "p",
            "b",
            new Register.Read<>(),
            answered(new Register.Value<>("never")),
            new Span(1, 2)));
    Verdict violated = Linearizability.of(Register.startingAt("")).withStepsMax(100).check(history);

    assertThat(undecided).isInstanceOf(Verdict.Undecided.class);
    assertThat(undecided.isLinearizable()).isFalse();
    assertThatThrownBy(undecided::orThrow)
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("a: undecided after \\d\\d\\d steps");
    assertThat(violated).isInstanceOf(Verdict.Violated.class);
    assertThatThrownBy(() -> Linearizability.of(Register.startingAt("")).withStepsMax(0))
        .hasMessage("steps: 0 (expected: >= 1)");
  }

  // Evidence.

  @Test
  void theEvidenceIsTheShortestBeginningThatCannotBeExplained() {
    Operation<Register.Input<String>, Register.Output<String>> first = write(1, 2, "x");
    Operation<Register.Input<String>, Register.Output<String>> lost = lost(3, "z");
    Operation<Register.Input<String>, Register.Output<String>> second = write(4, 5, "y");
    Operation<Register.Input<String>, Register.Output<String>> stale = read(7, 9, "x");
    Operation<Register.Input<String>, Register.Output<String>> pending = write(8, 20, "w");
    Operation<Register.Input<String>, Register.Output<String>> later = read(30, 31, "w");

    Verdict verdict = check(List.of(later, pending, stale, second, lost, first));

    assertThat(verdict).isInstanceOf(Verdict.Violated.class);
    Verdict.Violated violated = (Verdict.Violated) verdict;
    assertThat(violated.key()).isEqualTo("k");
    assertThat(violated.unexplained()).isEqualTo(stale);
    assertThat(violated.beginning()).isEqualTo(List.of(first, lost, second, stale, pending));
    assertThat(violated.placed())
        .isEqualTo(List.of(new Verdict.Placed(first, "x"), new Verdict.Placed(second, "y")));
    assertThat(violated.left())
        .isEqualTo(
            List.of(
                new Verdict.Left(lost, new Register.Done<>(true)),
                new Verdict.Left(stale, new Register.Value<>("y")),
                new Verdict.Left(pending, new Register.Done<>(true))));
    assertThat(verdict.describe())
        .isEqualTo(
            """
            k: no order explains the answers up to 0.000000009, Read[] by p7
            An order that goes as far as any:
              began        ended        by  asked           answered         state
              0.000000001  0.000000002  p1  Write[value=x]  Done[done=true]  x
              0.000000004  0.000000005  p4  Write[value=y]  Done[done=true]  y
            What is left then:
              began        ended        by  asked           answered         by the model, next
              0.000000003  open         p3  Write[value=z]  unknown          Done[done=true]
              0.000000007  0.000000009  p7  Read[]          Value[value=x]   Value[value=y]
              0.000000008  0.000000020  p8  Write[value=w]  Done[done=true]  Done[done=true]\
            """);
    assertThatThrownBy(verdict::orThrow).hasMessage(verdict.describe());
  }

  @Test
  void aVerdictIsLookedAt() {
    List<String> printed = new ArrayList<>();
    List<Operation<Register.Input<String>, Register.Output<String>>> operations =
        List.of(read(1, 2, "x"));
    // [doc:Linearizability]
    Verdict verdict = Linearizability.of(Register.startingAt("")).check(operations);
    if (verdict instanceof Verdict.Violated violated) {
      printed.add(violated.describe());
    }
    // [/doc]
    assertThat(printed).hasSize(1);
  }

  @Test
  void ofALongOrderOnlyTheEndIsPrinted() {
    List<Operation<Register.Input<String>, Register.Output<String>>> history = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      history.add(write(10L * i, 10L * i + 1, "x" + i));
    }
    history.add(read(1000, 1001, "x48"));

    assertThat(check(history).describe())
        .contains("without its first 38 operations:")
        .contains("x38]")
        .doesNotContain("x37]");
  }

  // The other models.

  @Test
  void aListShowsAnAppendThatWasLostDoubledOrMoved() {
    AppendList<String> model = AppendList.empty();
    Operation<AppendList.Input<String>, AppendList.Output<String>> a = append(1, 2, "a", 1);
    Operation<AppendList.Input<String>, AppendList.Output<String>> b = append(3, 4, "b", 2);

    assertThat(judge(model, List.of(a, b, seen(5, 6, "a", "b")))).isTrue();
    assertThat(judge(model, List.of(a, b, seen(5, 6, "a")))).isFalse();
    assertThat(judge(model, List.of(a, b, seen(5, 6, "b", "a")))).isFalse();
    assertThat(judge(model, List.of(a, b, seen(5, 6, "a", "a", "b")))).isFalse();
    assertThat(judge(model, List.of(a, append(3, 4, "b", 1)))).isFalse();
  }

  @Test
  void aFencedRegisterShowsAStaleWriteAndAClaimAfterTheRead() {
    FencedRegister<Integer> model = FencedRegister.startingAt(0);
    Operation<FencedRegister.Input<Integer>, FencedRegister.Output<Integer>> one =
        claim(1, 2, 1, 0);
    Operation<FencedRegister.Input<Integer>, FencedRegister.Output<Integer>> two =
        claim(3, 4, 2, 0);

    assertThat(judge(model, List.of(one, two, fencedWrite(5, 6, 1, 7, false)))).isTrue();
    assertThat(judge(model, List.of(one, two, fencedWrite(5, 6, 1, 7, true)))).isFalse();
    assertThat(judge(model, List.of(one, two, fencedWrite(3, 6, 1, 7, true))))
        .as("at once")
        .isFalse();
    assertThat(judge(model, List.of(one, fencedWrite(2, 6, 1, 7, true), claim(3, 7, 2, 7))))
        .isTrue();
    assertThat(judge(model, List.of(one, fencedWrite(5, 6, 2, 7, true)))).as("unclaimed").isFalse();
  }

  @Test
  void aCounterShowsALostUpdate() {
    Counter model = Counter.startingAt(10);

    assertThat(
            judge(
                model,
                List.of(count(1, 5, new Counter.Add(1), 11), count(2, 4, new Counter.Add(1), 11))))
        .isFalse();
    assertThat(
            judge(
                model,
                List.of(count(1, 5, new Counter.Add(1), 12), count(2, 4, new Counter.Add(1), 11))))
        .isTrue();
    assertThat(
            judge(
                model,
                List.of(count(1, 2, new Counter.Add(5), 15), count(3, 4, new Counter.Read(), 15))))
        .isTrue();
  }

  private static void assertGood(
      List<Operation<Register.Input<String>, Register.Output<String>>> history) {
    assertThat(check(history)).isInstanceOf(Verdict.Linearizable.class);
  }

  private static void assertBad(
      List<Operation<Register.Input<String>, Register.Output<String>>> history) {
    assertThat(check(history)).isInstanceOf(Verdict.Violated.class);
  }
}
