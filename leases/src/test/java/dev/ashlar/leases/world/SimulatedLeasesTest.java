package dev.ashlar.leases.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.world.Setting.Trouble;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The protocol whole, over the store and the floor in memory. */
@Subject("memory")
class SimulatedLeasesTest extends SimulatedLeases {

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
