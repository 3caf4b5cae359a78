package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

/**
 * What a shared object would do if it were asked one thing at a time: the meaning of its calls.
 *
 * <p>States are immutable values that compare by content: the checker keeps thousands of them, and
 * knows from their equality that it has been there before.
 *
 * <p><b>Threads.</b> Safe, as it has no state of its own.
 *
 * @param <S> a state
 * @param <I> what is asked
 * @param <O> what is answered, compared by {@code equals}
 * @see Register
 * @see FencedRegister
 * @see AppendList
 * @see Counter
 */
public interface Model<S, I, O> {

  /** Returns the state before the first call. */
  S initial();

  /**
   * Returns what a state and an input lead to.
   *
   * @param state not changed
   * @param input what is asked
   */
  Reply<S, O> apply(S state, I input);

  /**
   * What came of an input.
   *
   * @param state afterwards
   * @param output what is answered
   */
  record Reply<S, O>(S state, O output) {

    /** Checks the parts. */
    public Reply {
      requireNonNull(state, "state");
      requireNonNull(output, "output");
    }
  }
}
