package dev.ashlar.examples.shop.run;

import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides who dies where: as the schedule says, and once for each order, since whoever starts again
 * meets the same order again.
 *
 * <p><b>Threads.</b> Safe.
 */
final class Deaths {

  private final Schedule schedule;
  private final FaultLog log;
  private final Set<Place> died = new HashSet<>();

  Deaths(Schedule schedule, FaultLog log) {
    this.schedule = schedule;
    this.log = log;
  }

  /** Returns whether a service dies at this step of this order, now. */
  synchronized boolean isDue(Service service, Step step, long orderNumber) {
    boolean due =
        schedule.crashes(service, step, orderNumber)
            && died.add(new Place(service, step, orderNumber));
    if (due) {
      log.note("crash", service, orderNumber);
    }
    return due;
  }

  private record Place(Service service, Step step, long orderNumber) {}
}
