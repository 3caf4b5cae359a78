package dev.ashlar.core.testkit.history;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.history.Model.Reply;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Small histories by chance: about half of them linearizable. */
final class RandomHistories {

  private static final int OPERATIONS_MAX = 6;

  private RandomHistories() {}

  /**
   * Operations take effect one by one, each somewhere within its span; then now and then an answer
   * is one that another call before it would have led to, an operation is left open, and may have
   * had its effect or not, or an operation fails.
   */
  static <S, I, O> List<Operation<I, O>> draw(
      Model<S, I, O> model, Function<RandomGenerator, I> input, RandomGenerator random) {
    int count = 1 + random.nextInt(OPERATIONS_MAX);
    S state = model.initial();
    List<Operation<I, O>> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      I asked = input.apply(random);
      boolean open = random.nextInt(5) == 0;
      boolean failed = !open && random.nextInt(8) == 0;
      S elsewhere = model.apply(state, input.apply(random)).state();
      Reply<S, O> reply = model.apply(random.nextInt(3) == 0 ? elsewhere : state, asked);
      boolean spared = failed || (open && random.nextBoolean());
      state = spared ? state : model.apply(state, asked).state();
      long moment = 10L * i;
      long began = moment - random.nextInt(15);
      Span span = open ? Span.open(began) : new Span(began, moment + 1 + random.nextInt(15));
      operations.add(
          new Operation<>("p" + i, "k", asked, outcome(open, failed, reply.output()), span));
    }
    return operations;
  }

  private static <O> Outcome<O> outcome(boolean open, boolean failed, O output) {
    if (open) {
      return new Outcome.Unknown<>();
    }
    return failed ? new Outcome.Failed<>() : new Outcome.Answered<>(output);
  }

  static Register.Input<Integer> register(RandomGenerator random) {
    int value = random.nextInt(3);
    return switch (random.nextInt(3)) {
      case 0 -> new Register.Read<>();
      case 1 -> new Register.Write<>(value);
      default -> new Register.CompareAndSet<>(random.nextInt(3), value);
    };
  }

  static FencedRegister.Input<Integer> fencedRegister(RandomGenerator random) {
    FencingToken token = new FencingToken(1 + random.nextInt(3));
    return switch (random.nextInt(4)) {
      case 0 -> new FencedRegister.Look<>();
      case 1 -> new FencedRegister.Write<>(token, random.nextInt(3));
      default -> new FencedRegister.Claim<>(token);
    };
  }

  static AppendList.Input<Integer> appendList(RandomGenerator random) {
    return random.nextInt(3) == 0
        ? new AppendList.Read<>()
        : new AppendList.Append<>(random.nextInt(2));
  }

  static Counter.Input counter(RandomGenerator random) {
    return random.nextInt(3) == 0 ? new Counter.Read() : new Counter.Add(1);
  }
}
