package dev.ashlar.core.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import dev.ashlar.core.testkit.history.Register.Input;
import dev.ashlar.core.testkit.history.Register.Output;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker says of small histories what trying all orders says, and broken checkers do not. */
class BruteForceTest {

  private static final int ROUNDS = 1500;
  private static final Register<Integer> MODEL = Register.startingAt(0);
  private static final Linearizability<Integer, Input<Integer>, Output<Integer>> REAL =
      Linearizability.of(MODEL);

  @Test
  void registersAreJudgedAsByAllOrders() throws Exception {
    agrees(Register.startingAt(0), RandomHistories::register);
  }

  @Test
  void fencedRegistersAreJudgedAsByAllOrders() throws Exception {
    agrees(FencedRegister.startingAt(0), RandomHistories::fencedRegister);
  }

  @Test
  void listsAreJudgedAsByAllOrders() throws Exception {
    agrees(AppendList.empty(), RandomHistories::appendList);
  }

  @Test
  void countersAreJudgedAsByAllOrders() throws Exception {
    agrees(Counter.startingAt(0), RandomHistories::counter);
  }

  /** Both verdicts must be common, or agreement would say little. */
  private static <S, I, O> void agrees(Model<S, I, O> model, Function<RandomGenerator, I> input)
      throws Exception {
    int[] good = {0};
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          List<Operation<I, O>> history = RandomHistories.draw(model, input, random);
          Verdict verdict = Linearizability.of(model).check(history);
          assertThat(verdict.isLinearizable())
              .as(verdict.describe())
              .isEqualTo(AllOrders.explain(model, history));
          good[0] += verdict.isLinearizable() ? 1 : 0;
          if (verdict instanceof Verdict.Violated violated) {
            isTheShortest(model, history, violated);
          }
        });
    assertThat(good[0]).isBetween(ROUNDS / 50, ROUNDS * 49 / 50);
  }

  /** The answer at which the evidence ends cannot be explained; those before it can. */
  private static <S, I, O> void isTheShortest(
      Model<S, I, O> model, List<Operation<I, O>> history, Verdict.Violated violated) {
    long end = violated.unexplained().span().ended();
    List<Operation<I, O>> beginning =
        history.stream()
            .filter(operation -> operation.span().began() <= end)
            .filter(operation -> !(operation.outcome() instanceof Outcome.Failed<O>))
            .toList();
    assertThat(violated.beginning()).hasSameSizeAs(beginning).allMatch(beginning::contains);
    assertThat(AllOrders.explain(model, beginning, end)).as("with that answer").isFalse();
    assertThat(AllOrders.explain(model, beginning, end - 1)).as("without it").isTrue();
    assertThat(violated.placed().size() + violated.left().size()).isEqualTo(beginning.size());
  }

  // Broken checkers: the real one, of which a part is taken away.

  @Test
  void aCheckerThatIgnoresRealTimeIsCaught() {
    isCaught(
        history ->
            REAL.check(
                each(
                    history,
                    call -> with(call, call.outcome(), new Span(-1000, call.span().ended())))));
  }

  @Test
  void aCheckerThatForgetsCallsWithoutAnOutcomeIsCaught() {
    isCaught(history -> REAL.check(history.stream().filter(call -> call.isAnswered()).toList()));
  }

  @Test
  void aCheckerThatTakesWritesForDoneWhenTheirCallerGivesUpIsCaught() {
    isCaught(
        history ->
            REAL.check(
                each(
                    history,
                    call ->
                        call.isAnswered() || !(call.input() instanceof Register.Write)
                            ? call
                            : with(
                                call,
                                new Outcome.Answered<>(new Register.Done<>(true)),
                                new Span(call.span().began(), call.span().began() + 20)))));
  }

  @Test
  void aCheckerThatTakesFailedCallsForUnknownIsCaught() {
    isCaught(
        history ->
            REAL.check(
                each(
                    history,
                    call ->
                        call.outcome() instanceof Outcome.Failed
                            ? with(call, new Outcome.Unknown<>(), Span.open(call.span().began()))
                            : call)));
  }

  @Test
  void aCheckerThatRemembersWhatIsPlacedAndNotTheStateIsCaught() {
    isCaught(history -> Linearizability.of(new Indistinct(MODEL)).check(history));
  }

  private static void isCaught(
      Function<List<Operation<Input<Integer>, Output<Integer>>>, Verdict> broken) {
    for (long seed = 0; seed < ROUNDS; seed++) {
      List<Operation<Input<Integer>, Output<Integer>>> history =
          RandomHistories.draw(MODEL, RandomHistories::register, Seeds.random(seed));
      if (broken.apply(history).isLinearizable() != AllOrders.explain(MODEL, history)) {
        return;
      }
    }
    throw new AssertionError("not caught in " + ROUNDS + " histories");
  }

  private static List<Operation<Input<Integer>, Output<Integer>>> each(
      List<Operation<Input<Integer>, Output<Integer>>> history,
      UnaryOperator<Operation<Input<Integer>, Output<Integer>>> change) {
    return history.stream().map(change).toList();
  }

  private static Operation<Input<Integer>, Output<Integer>> with(
      Operation<Input<Integer>, Output<Integer>> call,
      Outcome<Output<Integer>> outcome,
      Span span) {
    return new Operation<>(call.process(), call.key(), call.input(), outcome, span);
  }

  /** A model all of whose states are equal. */
  private record Indistinct(Register<Integer> inner)
      implements Model<Indistinct.Blur, Input<Integer>, Output<Integer>> {

    @Override
    public Blur initial() {
      return new Blur(inner.initial());
    }

    @Override
    public Reply<Blur, Output<Integer>> apply(Blur state, Input<Integer> input) {
      Model.Reply<Integer, Output<Integer>> reply = inner.apply(state.value(), input);
      return new Model.Reply<>(new Blur(reply.state()), reply.output());
    }

    private record Blur(int value) {
      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Blur;
      }

      @Override
      public int hashCode() {
        return 0;
      }
    }
  }
}
