package dev.ashlar.examples.shop.report;

import dev.ashlar.examples.shop.check.Anomalies;
import dev.ashlar.examples.shop.page.Visitors;
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
 * @param logs the folder with the logs, a folder below it for each strategy
 * @param followed the correlation id of an order that met a fault; empty if none did
 * @param strategies one after the other
 */
public record Report(
    long orders,
    long badLines,
    Optional<Long> seed,
    boolean processes,
    String logs,
    Optional<String> followed,
    List<Row> strategies) {

  /** Copies the list. */
  public Report {
    strategies = List.copyOf(strategies);
  }

  /** Returns this report with where the logs are, and which order to look for there. */
  public Report withLogs(String folder, Optional<String> id) {
    return new Report(orders, badLines, seed, processes, folder, id, strategies);
  }

  /**
   * One strategy.
   *
   * @param name its label
   * @param title its name for people
   * @param anomalies what went wrong with orders
   * @param failedPayments how many requests payment has failed, as the schedule says
   * @param pages what visitors got to see of the product page
   * @param clean whether nothing did
   * @param cameToRest whether everything was done before the time was over
   * @param seconds how long it took
   * @param faults how many orders each kind of fault came upon
   */
  public record Row(
      String name,
      String title,
      Anomalies anomalies,
      long failedPayments,
      Visitors.Seen pages,
      boolean clean,
      boolean cameToRest,
      double seconds,
      Map<String, Long> faults) {}
}
