package dev.ashlar.core.testkit.world;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes a failed run small: first without the faults that it does not need, then without the time
 * after it has failed, so that its last events are those that led to the failure.
 */
final class Reduction<M> {

  private static final int TRIES_MAX = 1000;

  private static final Duration FINENESS = Duration.ofNanos(100_000);

  private final Simulation<M> simulation;
  private final Run failed;

  Reduction(Simulation<M> simulation, Run failed) {
    this.simulation = simulation;
    this.failed = failed;
  }

  Failure failure() throws Exception {
    int drawn = failed.faults().size();
    List<Integer> all = IntStream.rangeClosed(1, drawn).boxed().toList();
    if (!failsAlike(run(all))) {
      return new Failure(failed, all, drawn, false);
    }
    List<Integer> needed =
        new Shrinker<Integer>(some -> failsAlike(run(some)), TRIES_MAX).shrink(all);
    Duration lasting = shortest(needed);
    List<Fault> faults = faults(needed);
    Run last = simulation.once(failed.seed(), world -> faults, lasting, true);
    return new Failure(last, needed, drawn, true);
  }

  private List<Fault> faults(List<Integer> numbers) {
    return numbers.stream().map(number -> failed.faults().get(number - 1)).toList();
  }

  private Run run(List<Integer> numbers) throws Exception {
    return run(numbers, simulation.lasting());
  }

  private Run run(List<Integer> numbers, Duration lasting) throws Exception {
    List<Fault> faults = faults(numbers);
    return simulation.once(failed.seed(), world -> faults, lasting, false);
  }

  private boolean failsAlike(Run run) {
    return run.violation().map(Object::getClass).equals(failed.violation().map(Object::getClass));
  }

  /**
   * A run that is cut off must say the very same. What is said of an empty run too is no failure
   * that comes at some moment, but something that has not come.
   */
  private Duration shortest(List<Integer> needed) throws Exception {
    Duration tooShort = Duration.ZERO;
    Duration enough = simulation.lasting();
    Optional<String> says = says(needed, enough);
    if (says(needed, tooShort).equals(says)) {
      return enough;
    }
    while (enough.minus(tooShort).compareTo(FINENESS) > 0) {
      Duration middle = tooShort.plus(enough).dividedBy(2);
      if (says(needed, middle).equals(says)) {
        enough = middle;
      } else {
        tooShort = middle;
      }
    }
    return enough;
  }

  private Optional<String> says(List<Integer> needed, Duration lasting) throws Exception {
    return run(needed, lasting).violation().map(Throwable::getMessage);
  }
}
