package dev.ashlar.examples.shop.report;

import dev.ashlar.examples.shop.check.Anomalies;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is known after both strategies have run; also the form of {@code --report json}.
 *
 * @param orders how many were placed
 * @param badLines how many lines of the input were no orders
 * @param seed what the orders were made from, if they were made
 * @param processes whether each service was a process of its own
 * @param strategies one after the other
 */
public record Report(
    long orders, long badLines, Optional<Long> seed, boolean processes, List<Row> strategies) {

  /** Copies the list. */
  public Report {
    strategies = List.copyOf(strategies);
  }

  /**
   * One strategy.
   *
   * @param name its label
   * @param title its name for people
   * @param anomalies what went wrong
   * @param clean whether nothing did
   * @param cameToRest whether everything was done before the time was over
   * @param seconds how long it took
   * @param faults how many orders each kind of fault came upon
   */
  public record Row(
      String name,
      String title,
      Anomalies anomalies,
      boolean clean,
      boolean cameToRest,
      double seconds,
      Map<String, Long> faults) {}
}
