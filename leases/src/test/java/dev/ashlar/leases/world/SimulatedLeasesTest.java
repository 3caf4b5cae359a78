package dev.ashlar.leases.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.world.LeaseWorld.Trouble;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The protocol whole, over the store and the floor in memory, in worlds of fresh seeds. The system
 * property {@code ashlar.runs} makes more of them than a build has time for, {@code ashlar.seed}
 * repeats.
 */
@Subject("memory")
class SimulatedLeasesTest extends SimulatedLeases {

  private static final int RUNS = Integer.getInteger("ashlar.runs", 250);

  @Override
  protected Form form() {
    return Form.WHOLE;
  }

  @Override
  protected void check(String what, Simulation<?> simulation) throws Exception {
    long seed = Seeds.next();
    long began = TimeSource.system().nanos();
    simulation.check(seed, RUNS);
    print(what, RUNS, seed, began);
  }

  /** Of runs that are traced, and several for each seed, a part is enough. */
  @Override
  protected void checkEach(String what, OneSeed test) throws Exception {
    long first = Seeds.next();
    long began = TimeSource.system().nanos();
    int seeds = Math.max(1, RUNS / 5);
    for (int i = 0; i < seeds; i++) {
      test.check(first + i);
    }
    print(what, seeds, first, began);
  }

  private static void print(String what, int runs, long seed, long began) {
    double minutes = (TimeSource.system().nanos() - began) / 60e9;
    System.out.printf(
        Locale.ROOT, "%s: %d seeds from %d on, %.0f a minute%n", what, runs, seed, runs / minutes);
  }

  /** What is not seen to happen is not seen to be survived. */
  @Test
  void inWorldsOfBadClocksTwoBelieveAndTheLateAreRejected() throws Exception {
    LeaseWorld<Long> world = LeaseWorld.of(Counting::new);
    Simulation.of(world.with(Trouble.SESSIONS_EXPIRE))
        .withFaults(UNBOUNDED)
        .withLasting(LeaseWorld.LASTING)
        .check(1, 200);
    assertThat(world.tally().together()).isGreaterThan(20);
    assertThat(world.tally().rejections()).isGreaterThan(20);
    System.out.println("bad clocks: " + world.tally());
  }

  @Test
  void aStoreThatForgetsIsNoticed() throws Exception {
    LeaseWorld<Long> world = LeaseWorld.of(Counting::new);
    Simulation.of(world)
        .withFaults(BOUNDED.with(Kind.DATA_LOSS, 6, LeaseWorld.STORE))
        .withLasting(LeaseWorld.LASTING)
        .check(1, 200);
    assertThat(world.tally().regressions()).isGreaterThan(100);
    System.out.println("a store that forgets: " + world.tally());
  }

  @Test
  void aTransferBetweenTwoResourcesCanBeLeftHalfDone() throws Exception {
    Transferring.Half half = new Transferring.Half();
    LeaseWorld<Long> world = LeaseWorld.of(ofRun -> new Transferring(ofRun, half));
    Simulation.of(world.with(Trouble.SESSIONS_EXPIRE))
        .withFaults(UNBOUNDED)
        .withLasting(LeaseWorld.LASTING)
        .check(1, 200);
    assertThat(half.runs()).isGreaterThan(10);
  }

  /** Slow enough to hold on a machine that does much else. */
  @Test
  void thousandsOfRunsTakeAMinute() throws Exception {
    Simulation<Message<Long>> simulation =
        Simulation.of(LeaseWorld.of(Counting::new))
            .withFaults(BOUNDED)
            .withLasting(LeaseWorld.LASTING);
    simulation.check(100);
    long began = TimeSource.system().nanos();
    simulation.check(500);
    double minutes = (TimeSource.system().nanos() - began) / 60e9;

    System.out.printf(
        Locale.ROOT,
        "%.0f runs a minute, of %d steps each%n",
        500 / minutes,
        simulation.run(1).steps());
    assertThat(500 / minutes).isGreaterThan(2000);
  }
}
