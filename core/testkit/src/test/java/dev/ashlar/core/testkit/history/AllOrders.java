package dev.ashlar.core.testkit.history;

import dev.ashlar.core.testkit.history.Model.Reply;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Linearizability by its definition: every choice of open operations, every permutation, no
 * thinking. For one key and a handful of operations.
 */
final class AllOrders<S, I, O> {

  private final Model<S, I, O> model;
  private final List<Operation<I, O>> must;
  private final List<Operation<I, O>> may;

  private AllOrders(Model<S, I, O> model, List<Operation<I, O>> must, List<Operation<I, O>> may) {
    this.model = model;
    this.must = must;
    this.may = may;
  }

  /** Whether some order of a whole history explains it. */
  static <S, I, O> boolean explain(Model<S, I, O> model, List<Operation<I, O>> history) {
    return explain(model, history, Long.MAX_VALUE - 1);
  }

  /** Whether some order explains all answers up to a moment; later ones may be left out. */
  static <S, I, O> boolean explain(
      Model<S, I, O> model, List<Operation<I, O>> history, long moment) {
    List<Operation<I, O>> must = new ArrayList<>();
    List<Operation<I, O>> may = new ArrayList<>();
    for (Operation<I, O> operation : history) {
      if (!(operation.outcome() instanceof Outcome.Failed<O>)) {
        (operation.span().ended() <= moment ? must : may).add(operation);
      }
    }
    return new AllOrders<>(model, must, may).exists();
  }

  private boolean exists() {
    for (int choice = 0; choice < 1 << may.size(); choice++) {
      List<Operation<I, O>> chosen = new ArrayList<>(must);
      for (int i = 0; i < may.size(); i++) {
        if ((choice >> i & 1) == 1) {
          chosen.add(may.get(i));
        }
      }
      if (anyPermutation(new ArrayList<>(), chosen)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyPermutation(List<Operation<I, O>> order, List<Operation<I, O>> rest) {
    if (rest.isEmpty()) {
      return keepsTime(order) && isAnswered(order);
    }
    for (Operation<I, O> next : rest) {
      List<Operation<I, O>> longer = new ArrayList<>(order);
      longer.add(next);
      List<Operation<I, O>> others = new ArrayList<>(rest);
      others.remove(next);
      if (anyPermutation(longer, others)) {
        return true;
      }
    }
    return false;
  }

  private static <I, O> boolean keepsTime(List<Operation<I, O>> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        if (order.get(j).span().isBefore(order.get(i).span())) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isAnswered(List<Operation<I, O>> order) {
    S state = model.initial();
    for (Operation<I, O> operation : order) {
      Reply<S, O> reply = model.apply(state, operation.input());
      if (operation.outcome() instanceof Outcome.Answered<O> answered
          && !answered.output().equals(reply.output())) {
        return false;
      }
      state = reply.state();
    }
    return true;
  }
}
