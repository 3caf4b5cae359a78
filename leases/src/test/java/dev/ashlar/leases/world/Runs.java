package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.world.Failure;
import dev.ashlar.core.testkit.world.Simulation;
import java.util.Locale;
import java.util.Optional;

/** How many runs a property takes, from which seed on. */
interface Runs {

  /**
   * From fresh seeds. The system property {@code ashlar.runs} makes more of them than a build has
   * time for, {@code ashlar.seed} repeats.
   */
  Runs FRESH = new Fresh(Integer.getInteger("ashlar.runs", 250));

  /** Makes them, and fails if one does. */
  void check(String what, Simulation<?> simulation) throws Exception;

  /** Does something for as many seeds. */
  void checkEach(String what, OneSeed test) throws Exception;

  /** What is done for a seed. */
  interface OneSeed {

    /** Does it. */
    void check(long seed) throws Exception;
  }

  /**
   * A fixed number of fresh ones.
   *
   * @param runs how many
   */
  record Fresh(int runs) implements Runs {

    @Override
    public void check(String what, Simulation<?> simulation) throws Exception {
      long seed = Seeds.next();
      long began = TimeSource.system().nanos();
      simulation.check(seed, runs);
      print(what, runs, seed, began);
    }

    /** Of runs that are traced, and several for each seed, a part is enough. */
    @Override
    public void checkEach(String what, OneSeed test) throws Exception {
      long first = Seeds.next();
      long began = TimeSource.system().nanos();
      int seeds = Math.max(1, runs / 5);
      for (int i = 0; i < seeds; i++) {
        test.check(first + i);
      }
      print(what, seeds, first, began);
    }

    private static void print(String what, int runs, long seed, long began) {
      double minutes = (TimeSource.system().nanos() - began) / 60e9;
      System.out.printf(
          Locale.ROOT,
          "%s: %d seeds from %d on, %.0f a minute%n",
          what,
          runs,
          seed,
          runs / minutes);
    }
  }

  /**
   * The same ones each time, until one fails or the stated number is over.
   *
   * @param taken the defence that is missing
   */
  record Without(Defence taken) implements Runs {

    @Override
    public void check(String what, Simulation<?> simulation) throws Exception {
      Optional<Failure> failure = simulation.find(1, taken.foundWithin());
      print(what, failure.map(found -> found.run().seed()));
      if (failure.isPresent()) {
        throw new AssertionError(failure.get().describe());
      }
    }

    @Override
    public void checkEach(String what, OneSeed test) throws Exception {
      for (long seed = 1; seed <= taken.foundWithin(); seed++) {
        try {
          test.check(seed);
        } catch (AssertionError e) {
          print(what, Optional.of(seed));
          throw e;
        }
      }
      print(what, Optional.empty());
    }

    private void print(String what, Optional<Long> found) {
      System.out.printf(
          Locale.ROOT,
          "without %s, %s: %s of %d%n",
          taken,
          what,
          found.map(seed -> "fails at seed " + seed).orElse("does not fail at any"),
          taken.foundWithin());
    }
  }
}
