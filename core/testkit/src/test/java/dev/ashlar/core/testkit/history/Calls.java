package dev.ashlar.core.testkit.history;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.List;

/** Calls of which histories are made, and checks of these. */
final class Calls {

  static final Register.Output<String> DONE = new Register.Done<>(true);

  private Calls() {}

  static Verdict check(List<Operation<Register.Input<String>, Register.Output<String>>> history) {
    return Linearizability.of(Register.startingAt("")).check(history);
  }

  static <S, I, O> boolean judge(Model<S, I, O> model, List<Operation<I, O>> history) {
    return Linearizability.of(model).check(history).isLinearizable();
  }

  static <O> Outcome<O> answered(O output) {
    return new Outcome.Answered<>(output);
  }

  static Operation<Register.Input<String>, Register.Output<String>> write(
      long began, long ended, String value) {
    return register(new Register.Write<>(value), answered(DONE), new Span(began, ended));
  }

  static Operation<Register.Input<String>, Register.Output<String>> read(
      long began, long ended, String value) {
    return register(
        new Register.Read<>(), answered(new Register.Value<>(value)), new Span(began, ended));
  }

  static Operation<Register.Input<String>, Register.Output<String>> set(
      long began, long ended, String expected, String value, boolean done) {
    return register(
        new Register.CompareAndSet<>(expected, value),
        answered(new Register.Done<>(done)),
        new Span(began, ended));
  }

  static Operation<Register.Input<String>, Register.Output<String>> lost(long began, String value) {
    return register(new Register.Write<>(value), new Outcome.Unknown<>(), Span.open(began));
  }

  static Operation<Register.Input<String>, Register.Output<String>> failed(
      long began, long ended, String value) {
    return register(new Register.Write<>(value), new Outcome.Failed<>(), new Span(began, ended));
  }

  static Operation<Register.Input<String>, Register.Output<String>> register(
      Register.Input<String> input, Outcome<Register.Output<String>> outcome, Span span) {
    return new Operation<>("p" + span.began(), "k", input, outcome, span);
  }

  static Operation<AppendList.Input<String>, AppendList.Output<String>> append(
      long began, long ended, String element, int length) {
    return new Operation<>(
        "p",
        "k",
        new AppendList.Append<>(element),
        answered(new AppendList.Length<>(length)),
        new Span(began, ended));
  }

  static Operation<AppendList.Input<String>, AppendList.Output<String>> seen(
      long began, long ended, String... elements) {
    return new Operation<>(
        "p",
        "k",
        new AppendList.Read<>(),
        answered(new AppendList.Seen<>(List.of(elements))),
        new Span(began, ended));
  }

  static Operation<FencedRegister.Input<Integer>, FencedRegister.Output<Integer>> claim(
      long began, long ended, long token, int value) {
    return new Operation<>(
        "p",
        "k",
        new FencedRegister.Claim<>(new FencingToken(token)),
        answered(new FencedRegister.Accepted<>(value)),
        new Span(began, ended));
  }

  static Operation<FencedRegister.Input<Integer>, FencedRegister.Output<Integer>> fencedWrite(
      long began, long ended, long token, int value, boolean accepted) {
    return new Operation<>(
        "p",
        "k",
        new FencedRegister.Write<>(new FencingToken(token), value),
        answered(accepted ? new FencedRegister.Accepted<>(value) : new FencedRegister.Rejected<>()),
        new Span(began, ended));
  }

  static Operation<Counter.Input, Long> count(
      long began, long ended, Counter.Input input, long value) {
    return new Operation<>("p", "k", input, answered(value), new Span(began, ended));
  }
}
