package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.service.Service;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many orders each kind of fault came upon. A fault that comes upon one order again, because
 * its message came again, counts once.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class FaultCounts implements FaultLog {

  /** The first words of the lines, in the order in which they are shown. */
  static final List<String> KINDS =
      List.of("crash", "duplicate", "delay", "slow", "late", "fail", "outage", "refuse", "pause");

  /** Faults by which a service fails what it is asked. */
  private static final Set<String> FAILURES = Set.of("fail", "outage");

  private final Set<Place> places = new HashSet<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private long failedPayments;

  /** Makes counts that are all zero. */
  public FaultCounts() {
    KINDS.forEach(kind -> counts.put(kind, 0L));
  }

  @Override
  public synchronized void note(String kind, Target target, long number) {
    if (target == Service.PAYMENT && FAILURES.contains(kind)) {
      failedPayments++;
    }
    if (places.add(new Place(kind, target, number))) {
      counts.merge(kind, 1L, Long::sum);
    }
  }

  /** Returns the counts by kind. */
  public synchronized Map<String, Long> counts() {
    return new LinkedHashMap<>(counts);
  }

  /** Returns how many requests payment has failed, those that came again counted again. */
  public synchronized long failedPayments() {
    return failedPayments;
  }

  private record Place(String kind, Target target, long number) {}
}
