package dev.ashlar.leases.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Subject;
import dev.ashlar.core.testkit.world.Failure;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.world.Watch.Demand;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Elections over the store in memory: what each elector decides, without its threads. */
@Subject("election")
class SimulatedElectionsTest extends SimulatedElections {

  private static final int OVERLAP_WITHIN = 300;

  /** The bound on clocks is not there for nothing. */
  @Test
  void withClocksTwiceAsFastTwoLead() throws Exception {
    FaultMix mix =
        FaultMix.none()
            .with(Kind.EXCESSIVE_DRIFT, 3)
            .with(Kind.CUT, 2, "a", "b", "c")
            .withFaultsMax(30)
            .withLengths(Duration.ofSeconds(2), Duration.ofSeconds(10));
    Optional<Failure> found =
        Simulation.of(ElectionWorld.demanding(Demand.ONE_LEADS))
            .withFaults(mix)
            .withLasting(LeaseWorld.LASTING)
            .find(1, OVERLAP_WITHIN);

    assertThat(found).isPresent();
    assertThat(found.get().describe()).contains("current: [Term ");
    System.out.println("clocks twice as fast: two lead at seed " + found.get().run().seed());
  }

  /** What is not seen to happen is not seen to be survived. */
  @Test
  void twoLeadAndListenersAreLate() throws Exception {
    ElectionWorld world = ElectionWorld.demanding(Demand.GUARDED, Demand.IN_TURN);
    Simulation.of(world)
        .withFaults(SimulatedLeases.UNBOUNDED)
        .withLasting(LeaseWorld.LASTING)
        .check(1, 200);

    System.out.println("elections: " + world.seen());
    assertThat(world.seen().together()).isGreaterThan(10);
    assertThat(world.seen().elected()).isGreaterThan(1000);
    assertThat(world.seen().givenBack()).isGreaterThan(200);
    assertThat(world.seen().left()).isGreaterThan(20);
    assertThat(world.seen().overdue()).isGreaterThan(20);
  }
}
