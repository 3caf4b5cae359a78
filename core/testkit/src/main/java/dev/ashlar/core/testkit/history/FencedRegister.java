package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.FencingToken;

/**
 * The model of one value behind a floor: only who has claimed it with the largest token reads and
 * writes under that token.
 *
 * <p>A claim raises the floor, or finds it at its own token, or is rejected because the floor is
 * higher. A write is accepted if its token is the floor: a larger one that nobody has claimed is
 * rejected like a smaller one. Whoever looks without a token sees whatever is there.
 *
 * <p><b>Threads.</b> Immutable, if the values are.
 *
 * @param first at the beginning, before any claim
 * @param <V> its values, compared by {@code equals}
 */
public record FencedRegister<V>(V first)
    implements Model<FencedRegister.Content<V>, FencedRegister.Input<V>, FencedRegister.Output<V>> {

  /** Checks the part. */
  public FencedRegister {
    requireNonNull(first, "first");
  }

  /** Returns the model of a fenced register. */
  public static <V> FencedRegister<V> startingAt(V first) {
    return new FencedRegister<>(first);
  }

  @Override
  public Content<V> initial() {
    return new Content<>(first, 0);
  }

  @Override
  public Reply<Content<V>, Output<V>> apply(Content<V> state, Input<V> input) {
    if (input instanceof Claim<V> claim) {
      long token = claim.token().value();
      return token < state.floor()
          ? new Reply<>(state, new Rejected<>())
          : new Reply<>(new Content<>(state.value(), token), new Accepted<>(state.value()));
    }
    if (input instanceof Write<V> write) {
      return write.token().value() != state.floor()
          ? new Reply<>(state, new Rejected<>())
          : new Reply<>(new Content<>(write.value(), state.floor()), new Accepted<>(write.value()));
    }
    return new Reply<>(state, new Accepted<>(state.value()));
  }

  /**
   * A state.
   *
   * @param value what stands there
   * @param floor the largest token that claimed it; 0 before the first
   */
  public record Content<V>(V value, long floor) {}

  /**
   * What a fenced register is asked.
   *
   * @param <V> its values
   */
  public sealed interface Input<V> {}

  /**
   * Claim, and read.
   *
   * @param token of the lease
   */
  public record Claim<V>(FencingToken token) implements Input<V> {}

  /**
   * Write under a claim.
   *
   * @param token of the lease
   * @param value from now on, if accepted
   */
  public record Write<V>(FencingToken token, V value) implements Input<V> {}

  /** Look, without a token; always accepted. */
  public record Look<V>() implements Input<V> {}

  /**
   * What a fenced register answers.
   *
   * @param <V> its values
   */
  public sealed interface Output<V> {}

  /**
   * Done.
   *
   * @param value what stands there now
   */
  public record Accepted<V>(V value) implements Output<V> {}

  /** Not done: the floor is not the token's. */
  public record Rejected<V>() implements Output<V> {}
}
