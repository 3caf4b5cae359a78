package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.testkit.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out whether a history is linearizable: whether each call can be given one moment between
 * its beginning and its end, so that a model which is asked one thing at a time, in the order of
 * these moments, answers what was answered.
 *
 * <p>The search is that of Wing and Gong, with Lowe's memory of where it has been, and follows
 * first what has come furthest. Objects of different keys are searched apart, which is what makes
 * long histories feasible: a history is linearizable if, and only if, that of each key is.
 *
 * <p><b>Guarantees.</b> Within its limit of steps the verdict is right: that of trying all orders.
 * Calls without an outcome may have happened at any time after they began, or not at all; calls
 * that failed did not happen. What is not decided within the limit is {@link Verdict.Undecided},
 * never good.
 *
 * <p><b>Not guaranteed.</b> That it is decided: the problem is NP-complete, and histories with many
 * calls at once under one key, or many that stay open, can exceed any limit. Use more keys, fewer
 * processes or shorter histories, and check first what shows in linear time ({@link
 * MonotonicNumbers}).
 *
 * <p><b>Threads.</b> Immutable; a check keeps nothing.
 *
 * <p><b>Limits.</b> {@value #STEPS} steps for each key unless told otherwise, one or two seconds. A
 * step is to ask the model once; ten are counted for each way that is kept to be followed, which
 * takes about three hundred bytes besides the model's states, so the limit is one of memory too: a
 * hundred megabytes.
 *
 * <pre>{@code
 * Verdict verdict = Linearizability.of(Register.startingAt("")).check(operations);
 * if (verdict instanceof Verdict.Violated violated) {
 *   printed.add(violated.describe());
 * }
 * }</pre>
 *
 * @param <S> a state of the model
 * @param <I> what is asked
 * @param <O> what is answered
 * @see <a href="https://doi.org/10.1006/jpdc.1993.1015">Wing and Gong, Testing and Verifying
 *     Concurrent Objects, 1993</a>
 * @see <a href="https://doi.org/10.1002/cpe.3928">Lowe, Testing for Linearizability, 2017</a>
 * @see <a href="https://arxiv.org/abs/1504.00204">Horn and Kroening, Faster Linearizability
 *     Checking via P-Compositionality, 2015</a>
 */
public final class Linearizability<S, I, O> {

  /** The steps that a check takes for one key unless told otherwise. */
  public static final int STEPS = 3_000_000;

  private final Model<S, I, O> model;
  private final int stepsMax;

  private Linearizability(Model<S, I, O> model, int stepsMax) {
    this.model = requireNonNull(model, "model");
    this.stepsMax = stepsMax;
  }

  /** Returns the check against a model. */
  public static <S, I, O> Linearizability<S, I, O> of(Model<S, I, O> model) {
    return new Linearizability<>(model, STEPS);
  }

  /**
   * Returns this check with another limit.
   *
   * @param steps for each key, at least 1
   */
  public Linearizability<S, I, O> withStepsMax(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: " + steps + " (expected: >= 1)");
    }
    return new Linearizability<>(model, steps);
  }

  /**
   * Checks a history.
   *
   * @param operations in any order
   * @return violated if one key is, else undecided if one key is, else linearizable
   */
  public Verdict check(List<Operation<I, O>> operations) {
    Map<String, List<Operation<I, O>>> keys = new LinkedHashMap<>();
    for (Operation<I, O> operation : operations) {
      if (!(operation.outcome() instanceof Outcome.Failed<O>)) {
        keys.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
      }
    }
    Verdict verdict = new Verdict.Linearizable();
    for (Map.Entry<String, List<Operation<I, O>>> key : keys.entrySet()) {
      Verdict one = new Search<>(model, key.getKey(), key.getValue(), stepsMax).run();
      if (one instanceof Verdict.Violated) {
        return one;
      }
      verdict = one instanceof Verdict.Undecided ? one : verdict;
    }
    return verdict;
  }
}
