package dev.ashlar.examples.shop.log;

import dev.ashlar.examples.shop.fault.Fault;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.service.Service;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The order whose timeline tells most: one whose payment has died, since that is where money is
 * lost; or else one whose other service has; or else one that has met whatever else there is.
 *
 * @param number of the order
 * @param faults what came upon it, in the words of the schedule
 */
public record Telling(long number, String faults) {

  /**
   * Returns the order to tell of; empty if no order meets a fault.
   *
   * @param orders how many there are
   */
  public static Optional<Telling> of(Schedule schedule, long orders) {
    return schedule.faults().stream()
        .filter(fault -> fault.when().target() instanceof Service)
        .filter(fault -> fault.when().every() <= orders)
        .min(
            Comparator.comparingInt(Telling::rank).thenComparingLong(fault -> fault.when().every()))
        .map(fault -> new Telling(fault.when().every(), faults(schedule, fault.when().every())));
  }

  private static int rank(Fault fault) {
    if (!(fault instanceof Fault.Crash crash)) {
      return 3;
    }
    if (crash.when().target() != Service.PAYMENT) {
      return 2;
    }
    // Before anything is written a death does no harm.
    return switch (crash.step()) {
      case COMMITTED, SENT -> 0;
      case RECEIVED, PAID -> 1;
    };
  }

  private static String faults(Schedule schedule, long number) {
    return schedule.faults().stream()
        .filter(fault -> fault.when().matches(target -> target instanceof Service, number))
        .map(Telling::words)
        .collect(Collectors.joining(", "));
  }

  private static String words(Fault fault) {
    String words = fault.kind() + " " + fault.when().target().label();
    return fault instanceof Fault.Crash crash ? words + " at " + crash.step().label() : words;
  }
}
