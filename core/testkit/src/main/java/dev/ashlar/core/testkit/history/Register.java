package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

/**
 * The model of one value that is read, written, and replaced if it is what somebody thinks.
 *
 * <p><b>Threads.</b> Immutable, if the values are.
 *
 * @param initial at the beginning
 * @param <V> its values, compared by {@code equals}
 */
public record Register<V>(V initial) implements Model<V, Register.Input<V>, Register.Output<V>> {

  /** Checks the part. */
  public Register {
    requireNonNull(initial, "initial");
  }

  /** Returns the model of a register. */
  public static <V> Register<V> startingAt(V initial) {
    return new Register<>(initial);
  }

  @Override
  public Reply<V, Output<V>> apply(V state, Input<V> input) {
    if (input instanceof Write<V> write) {
      return new Reply<>(write.value(), new Done<>(true));
    }
    if (input instanceof CompareAndSet<V> set) {
      boolean done = state.equals(set.expected());
      return new Reply<>(done ? set.value() : state, new Done<>(done));
    }
    return new Reply<>(state, new Value<>(state));
  }

  /**
   * What a register is asked.
   *
   * @param <V> its values
   */
  public sealed interface Input<V> {}

  /** Read it; answered with a {@link Value}. */
  public record Read<V>() implements Input<V> {}

  /**
   * Write; answered with {@link Done}, true.
   *
   * @param value from now on
   */
  public record Write<V>(V value) implements Input<V> {}

  /**
   * Write if it is what somebody thinks; answered with {@link Done}.
   *
   * @param expected what it should be
   * @param value from now on, if it is
   */
  public record CompareAndSet<V>(V expected, V value) implements Input<V> {}

  /**
   * What a register answers.
   *
   * @param <V> its values
   */
  public sealed interface Output<V> {}

  /**
   * To a read.
   *
   * @param value what it is
   */
  public record Value<V>(V value) implements Output<V> {}

  /**
   * To a write.
   *
   * @param done whether it was written
   */
  public record Done<V>(boolean done) implements Output<V> {}
}
