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
      List.of("crash", "duplicate", "delay", "slow", "fail", "refuse");

  private final Set<Place> places = new HashSet<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  /** Makes counts that are all zero. */
  public FaultCounts() {
    KINDS.forEach(kind -> counts.put(kind, 0L));
  }

  @Override
  public synchronized void note(String kind, Service service, long orderNumber) {
    if (places.add(new Place(kind, service, orderNumber))) {
      counts.merge(kind, 1L, Long::sum);
    }
  }

  /** Returns the counts by kind. */
  public synchronized Map<String, Long> counts() {
    return new LinkedHashMap<>(counts);
  }

  private record Place(String kind, Service service, long orderNumber) {}
}
