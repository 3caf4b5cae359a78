package dev.ashlar.core.testkit.world;

import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out of a list what a failure does not need: delta debugging.
 *
 * @see <a href="https://doi.org/10.1109/32.988498">Zeller and Hildebrandt, Simplifying and
 *     Isolating Failure-Inducing Input, 2002</a>
 */
final class Shrinker<T> {

  private final Test<T> fails;
  private final int triesMax;
  private int tries;

  /**
   * Makes a shrinker.
   *
   * @param fails whether a part of the list fails as the whole does
   * @param triesMax how often it is asked at most
   */
  Shrinker(Test<T> fails, int triesMax) {
    this.fails = fails;
    this.triesMax = triesMax;
  }

  /** Returns a part that fails; within the limit, one that cannot do without any one element. */
  List<T> shrink(List<T> whole) throws Exception {
    List<T> rest = whole;
    int parts = 2;
    while (!rest.isEmpty() && tries < triesMax) {
      List<T> less = withoutOnePart(rest, Math.min(parts, rest.size()));
      if (less.size() < rest.size()) {
        rest = less;
        parts = Math.max(2, parts - 1);
      } else if (parts >= rest.size()) {
        return rest;
      } else {
        parts = 2 * parts;
      }
    }
    return rest;
  }

  private List<T> withoutOnePart(List<T> list, int parts) throws Exception {
    for (int part = 0; part < parts && tries < triesMax; part++) {
      List<T> less = new ArrayList<>(list.subList(0, part * list.size() / parts));
      less.addAll(list.subList((part + 1) * list.size() / parts, list.size()));
      tries++;
      if (fails.test(less)) {
        return less;
      }
    }
    return list;
  }

  /**
   * Whether a part fails.
   *
   * @param <T> the elements
   */
  @FunctionalInterface
  interface Test<T> {
    boolean test(List<T> part) throws Exception;
  }
}
