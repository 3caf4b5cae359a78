package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model of a list that is appended to and read whole.
 *
 * <p>The sharpest of the ready models: each read shows every append that came before it, in order,
 * so an append that was lost, doubled or put elsewhere cannot hide behind a later one.
 *
 * <p><b>Threads.</b> Immutable, if the elements are.
 *
 * @param <V> its elements, compared by {@code equals}
 */
public final class AppendList<V>
    implements Model<AppendList.Elements<V>, AppendList.Input<V>, AppendList.Output<V>> {

  private AppendList() {}

  /** Returns the model of a list that is empty at the beginning. */
  public static <V> AppendList<V> empty() {
    return new AppendList<>();
  }

  @Override
  public Elements<V> initial() {
    return new Elements<>(null, null);
  }

  @Override
  public Reply<Elements<V>, Output<V>> apply(Elements<V> state, Input<V> input) {
    if (input instanceof Append<V> append) {
      Elements<V> longer = new Elements<>(state, append.element());
      return new Reply<>(longer, new Length<>(longer.size));
    }
    return new Reply<>(state, new Seen<>(state.list()));
  }

  /**
   * A state: elements that share all but the last with the state before.
   *
   * @param <V> the elements
   */
  public static final class Elements<V> {

    private final @Nullable Elements<V> before;
    private final @Nullable V last;
    private final int size;
    private final int hash;

    private Elements(@Nullable Elements<V> before, @Nullable V last) {
      this.before = before;
      this.last = last;
      this.size = before == null ? 0 : before.size + 1;
      this.hash = before == null ? 1 : 31 * before.hash + Objects.hashCode(last);
    }

    /** Returns the elements in order. */
    public List<V> list() {
      List<V> list = new ArrayList<>(size);
      for (Elements<V> at = this; at != null && at.last != null; at = at.before) {
        list.add(at.last);
      }
      Collections.reverse(list);
      return List.copyOf(list);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Elements<?> that) || hash != that.hash || size != that.size) {
        return false;
      }
      Elements<?> one = this;
      Elements<?> two = that;
      while (one != null && two != null && one != two) {
        if (!Objects.equals(one.last, two.last)) {
          return false;
        }
        one = one.before;
        two = two.before;
      }
      return true;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public String toString() {
      return list().toString();
    }
  }

  /**
   * What a list is asked.
   *
   * @param <V> its elements
   */
  public sealed interface Input<V> {}

  /**
   * Append; answered with the {@link Length} afterwards.
   *
   * @param element to be the last
   */
  public record Append<V>(V element) implements Input<V> {

    /** Checks the part. */
    public Append {
      requireNonNull(element, "element");
    }
  }

  /** Read all of it; answered with what is {@link Seen}. */
  public record Read<V>() implements Input<V> {}

  /**
   * What a list answers.
   *
   * @param <V> its elements
   */
  public sealed interface Output<V> {}

  /**
   * To an append.
   *
   * @param length afterwards
   */
  public record Length<V>(int length) implements Output<V> {}

  /**
   * To a read.
   *
   * @param elements in order
   */
  public record Seen<V>(List<V> elements) implements Output<V> {

    /** Copies. */
    public Seen {
      elements = List.copyOf(elements);
    }
  }
}
