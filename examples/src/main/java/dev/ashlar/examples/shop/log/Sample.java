package dev.ashlar.examples.shop.log;

import dev.ashlar.core.CorrelationId;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.fault.Target;
import java.util.function.Predicate;

/**
 * Which orders, or pages, are logged: the first {@value #FIRST} that each line of the schedule
 * comes upon, and each {@value #EVERY}th, to see what it looks like without a fault.
 *
 * <p>All services decide by the correlation id and the schedule, so all of them decide alike, and
 * none has to tell another. A real shop logs everything and pays for it; here twenty thousand
 * orders pass within a minute, and what they are to show is the faults.
 *
 * @param schedule the faults
 * @param where what can meet them: services, or parts of the page
 */
record Sample(Schedule schedule, Predicate<Target> where) implements Predicate<CorrelationId> {

  static final long EVERY = 100;

  /** What the fiftieth duplicate does, the five hundredth does too. */
  static final long FIRST = 50;

  @Override
  public boolean test(CorrelationId id) {
    long number = Trail.number(id);
    return number > 0 && (number % EVERY == 0 || schedule.comesUpon(where, number, FIRST));
  }
}
