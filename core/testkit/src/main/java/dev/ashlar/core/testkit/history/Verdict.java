package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a check for linearizability found.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Verdict {

  /** There is an order that explains every answer. */
  record Linearizable() implements Verdict {

    @Override
    public String describe() {
      return "linearizable";
    }
  }

  /**
   * No order explains the answers under one key.
   *
   * <p>The evidence is the shortest beginning of the history that cannot be explained: the
   * operations that began before the first answer up to which no order reaches. Whatever came later
   * makes no difference.
   *
   * @param key of the object
   * @param beginning those operations, as they began
   * @param unexplained of these the one with that answer
   * @param placed an order that goes as far as any can, with the state after each operation
   * @param left the others: what the model would have answered them in the last of these states
   */
  record Violated(
      String key,
      List<Operation<?, ?>> beginning,
      Operation<?, ?> unexplained,
      List<Placed> placed,
      List<Left> left)
      implements Verdict {

    /** Copies. */
    public Violated {
      requireNonNull(key, "key");
      beginning = List.copyOf(beginning);
      requireNonNull(unexplained, "unexplained");
      placed = List.copyOf(placed);
      left = List.copyOf(left);
    }

    @Override
    public String describe() {
      return new ViolationTable(this).text();
    }
  }

  /**
   * The limit was reached first. Take this for a failure: it says nothing good.
   *
   * @param key of the object
   * @param steps how many were taken
   */
  record Undecided(String key, int steps) implements Verdict {

    @Override
    public String describe() {
      return key + ": undecided after " + steps + " steps";
    }
  }

  /**
   * An operation that has its place.
   *
   * @param operation which one
   * @param state of the model after it
   */
  record Placed(Operation<?, ?> operation, Object state) {}

  /**
   * An operation that has none yet.
   *
   * @param operation which one
   * @param output what the model would answer it
   */
  record Left(Operation<?, ?> operation, Object output) {}

  /** Returns it in words; a violation as a table. */
  String describe();

  /** Returns whether there is an order that explains every answer. */
  default boolean isLinearizable() {
    return this instanceof Linearizable;
  }

  /**
   * Demands that the history is linearizable.
   *
   * @throws AssertionError if it is not, or nobody knows
   */
  default void orThrow() {
    if (!isLinearizable()) {
      throw new AssertionError(describe());
    }
  }
}
