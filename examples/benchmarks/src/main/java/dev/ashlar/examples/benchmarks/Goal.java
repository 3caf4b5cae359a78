package dev.ashlar.examples.benchmarks;

import java.util.List;

/**
 * What a peer is to come to, decided before it was measured.
 *
 * @param peer whom it is set to, by name
 * @param workload doing what, by id
 * @param figure which figure of it
 * @param bound what it is to reach
 * @param kind how the bound is meant
 * @param others the peers that it is compared with, by name; none where the bound is the figure's
 *     own
 */
public record Goal(
    String peer, String workload, String figure, double bound, Kind kind, List<String> others) {

  /** How a bound is meant. */
  public enum Kind {
    /** At least so many times the figure of each of the others. */
    TIMES_OTHERS,
    /** The figure itself is at most so much. */
    AT_MOST
  }

  /** Returns the goal of reaching so many times the main figure of each of the others. */
  public static Goal times(String peer, String workload, double bound, String... others) {
    return new Goal(peer, workload, Figures.MAIN, bound, Kind.TIMES_OTHERS, List.of(others));
  }

  /** Returns the goal of a figure that is at most so much. */
  public static Goal atMost(String peer, String workload, String figure, double bound) {
    return new Goal(peer, workload, figure, bound, Kind.AT_MOST, List.of());
  }
}
