package dev.ashlar.core.testkit.history;

/**
 * The model of a number that is added to.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param initial at the beginning
 */
public record Counter(Long initial) implements Model<Long, Counter.Input, Long> {

  /** Returns the model of a counter. */
  public static Counter startingAt(long initial) {
    return new Counter(initial);
  }

  @Override
  public Reply<Long, Long> apply(Long state, Input input) {
    long value = input instanceof Add add ? state + add.amount() : state;
    return new Reply<>(value, value);
  }

  /** What a counter is asked; the answer is its value afterwards. */
  public sealed interface Input {}

  /**
   * Add to it.
   *
   * @param amount how much
   */
  public record Add(long amount) implements Input {}

  /** Read it. */
  public record Read() implements Input {}
}
