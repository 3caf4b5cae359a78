package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Runs a scenario in many worlds, each with other chance and other faults, and reduces what fails
 * to the faults that it takes.
 *
 * <p>Code that decides without waiting (told the time and the answers, returning what to do) runs
 * in it unchanged; code with threads of its own does not. Thousands of runs a minute find what a
 * test against a real cluster meets once a year, and find it again from its seed.
 *
 * <p><b>Guarantees.</b> The same seed, the same faults and the same scenario give the same run. Of
 * a reduced list no single fault can be left out, as long as a thousand tries suffice.
 *
 * <p><b>Not guaranteed.</b> That a reduced list fails by the same defect: it fails with the same
 * kind of exception. Nor that what passes is right, which is why each defence deserves a run
 * without it.
 *
 * <p><b>Failures.</b> What a step, an invariant or the check at the end throws is a violation; what
 * furnishing throws comes out as it is.
 *
 * <p><b>Threads.</b> Immutable; a run uses the calling thread only.
 *
 * <p><b>Limits.</b> Unless told otherwise a run lasts one minute of its own time and a million
 * steps at most, and messages take 0.1 to 2 ms, as in one data centre.
 *
 * <pre>{@code
 * Simulation.of(LockedCounter.fenced())
 *     .withFaults(FaultMix.ordinary().with(Kind.EXCESSIVE_DRIFT, 1).withFaultsMax(12))
 *     .withLasting(Duration.ofSeconds(10))
 *     .check(1000);
 * }</pre>
 *
 * @param <M> the messages
 */
public final class Simulation<M> {

  private static final long STEPS = 1_000_000;
  private static final Duration LASTING = Duration.ofMinutes(1);
  private static final Network.Transit TRANSIT =
      new Network.Transit(Duration.ofNanos(100_000), Duration.ofMillis(2));

  private final Scenario<M> scenario;
  private final FaultMix mix;
  private final Duration lasting;
  private final Network.Transit transit;

  private Simulation(
      Scenario<M> scenario, FaultMix mix, Duration lasting, Network.Transit transit) {
    this.scenario = requireNonNull(scenario, "scenario");
    this.mix = requireNonNull(mix, "mix");
    this.lasting = lasting;
    this.transit = transit;
  }

  /** Returns the simulation of a scenario, with the {@linkplain FaultMix#ordinary ordinary} mix. */
  public static <M> Simulation<M> of(Scenario<M> scenario) {
    return new Simulation<>(scenario, FaultMix.ordinary(), LASTING, TRANSIT);
  }

  /** Returns this simulation with other faults. */
  public Simulation<M> withFaults(FaultMix faults) {
    return new Simulation<>(scenario, faults, lasting, transit);
  }

  /** Returns this simulation with runs of another length in their own time, up to a day. */
  public Simulation<M> withLasting(Duration length) {
    if (length.compareTo(Duration.ofMillis(10)) < 0 || length.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: PT0.01S to PT24H)");
    }
    return new Simulation<>(scenario, mix, length, transit);
  }

  /** Returns this simulation with another network: how long a message takes without faults. */
  public Simulation<M> withTransit(Duration least, Duration most) {
    if (least.isNegative() || most.compareTo(least) < 0 || most.compareTo(lasting) > 0) {
      throw new IllegalArgumentException(
          "transit: " + least + " to " + most + " (expected: within 0 to " + lasting + ")");
    }
    return new Simulation<>(scenario, mix, lasting, new Network.Transit(least, most));
  }

  /**
   * Makes runs, the first with the seed of {@link Seeds#next}, until one fails.
   *
   * @param runs how many, at least 1
   * @throws AssertionError that tells of the {@link Failure}
   */
  public void check(int runs) throws Exception {
    check(Seeds.next(), runs);
  }

  /**
   * Makes runs with one seed after the other until one fails: the same runs each time, as a test
   * needs that must fail.
   *
   * @param firstSeed of the first run
   * @param runs how many, at least 1
   * @throws AssertionError that tells of the {@link Failure}
   */
  public void check(long firstSeed, int runs) throws Exception {
    Optional<Failure> failure = find(firstSeed, runs);
    if (failure.isPresent()) {
      throw new AssertionError(
          failure.get().describe(), failure.get().run().violation().orElse(null));
    }
  }

  /**
   * Makes runs with one seed after the other until one fails, and reduces that.
   *
   * @param firstSeed of the first run
   * @param runs how many at most, at least 1
   */
  public Optional<Failure> find(long firstSeed, int runs) throws Exception {
    if (runs < 1) {
      throw new IllegalArgumentException("runs: " + runs + " (expected: >= 1)");
    }
    for (int i = 0; i < runs; i++) {
      Run run = once(firstSeed + i, drawn(firstSeed + i), lasting, false);
      if (!run.isGood()) {
        return Optional.of(new Reduction<>(this, run).failure());
      }
    }
    return Optional.empty();
  }

  /** Repeats the run of a seed, with all faults that it draws. */
  public Run run(long seed) throws Exception {
    return once(seed, drawn(seed), lasting, true);
  }

  /** Makes one run with these very faults. */
  public Run run(long seed, List<Fault> faults) throws Exception {
    return once(seed, world -> faults, lasting, true);
  }

  /**
   * Repeats a run as a failure names it.
   *
   * @param seed of the run
   * @param needed which of its faults happen, counted from 1; none for a run without faults
   */
  public Run replay(long seed, int... needed) throws Exception {
    return once(
        seed,
        world -> {
          List<Fault> all = drawn(seed).apply(world);
          return IntStream.of(needed).mapToObj(number -> numbered(all, number)).toList();
        },
        lasting,
        true);
  }

  private static Fault numbered(List<Fault> all, int number) {
    if (number < 1 || number > all.size()) {
      throw new IllegalArgumentException(
          "needed: " + number + " (expected: 1 to " + all.size() + ", which the seed has drawn)");
    }
    return all.get(number - 1);
  }

  private Function<World<M>, List<Fault>> drawn(long seed) {
    return world -> mix.draw(Seeds.random(seed), world.places(), lasting);
  }

  Duration lasting() {
    return lasting;
  }

  Run once(long seed, Function<World<M>, List<Fault>> schedule, Duration length, boolean traced)
      throws Exception {
    World<M> world = new World<>(seed, transit, STEPS, traced);
    Scenario.Check end = scenario.furnish(world);
    List<Fault> faults = schedule.apply(world);
    world.checkPlaces(faults);
    Optional<Throwable> violation = Optional.empty();
    try {
      world.run(faults, length);
      end.check();
    } catch (InterruptedException e) {
      throw e; // Somebody wants the test to end, which no world has to do with.
    } catch (Exception | AssertionError e) {
      violation = Optional.of(e);
    }
    return new Run(seed, faults, world.steps(), violation, world.trace().lines());
  }
}
