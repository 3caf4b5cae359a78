package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All faults of a run.
 *
 * <p>Faults come upon orders by their numbers and not by the clock, so that each strategy meets the
 * same ones.
 *
 * @param faults in the order of their lines; the first that fits counts
 */
public record Schedule(List<Fault> faults) {

  /** Copies the list. */
  public Schedule {
    faults = List.copyOf(faults);
  }

  /** Returns whether the service is to die here. */
  public boolean crashes(Service service, Step step, long orderNumber) {
    for (Fault fault : faults) {
      if (fault instanceof Fault.Crash crash
          && crash.step() == step
          && crash.when().matches(service, orderNumber)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the first fault of a kind that comes upon an order in a service. */
  public <F extends Fault> Optional<F> find(Class<F> kind, Target target, long number) {
    for (Fault fault : faults) {
      if (kind.isInstance(fault) && fault.when().matches(target, number)) {
        return Optional.of(kind.cast(fault));
      }
    }
    return Optional.empty();
  }

  /**
   * Returns whether anything comes upon an order, or a page, wherever it passes.
   *
   * @param where the places that it can pass
   * @param first how many of each fault count
   */
  public boolean comesUpon(Predicate<Target> where, long number, long first) {
    return faults.stream()
        .map(Fault::when)
        .anyMatch(when -> when.matches(where, number) && number / when.every() <= first);
  }

  /** Returns whether anything comes upon the message of an order on its way to a service. */
  boolean troubles(Service service, long orderNumber) {
    return find(Fault.Refuse.class, service, orderNumber).isPresent()
        || find(Fault.Delay.class, service, orderNumber).isPresent()
        || find(Fault.Duplicate.class, service, orderNumber).isPresent();
  }
}
