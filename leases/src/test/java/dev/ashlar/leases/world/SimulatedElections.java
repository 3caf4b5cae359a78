package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.world.Watch.Demand;
import org.junit.jupiter.api.Test;

/**
 * What holds of elections in simulated worlds, with listeners that take their time and nodes that
 * resign.
 */
abstract class SimulatedElections extends Simulated {

  private Simulation<?> simulation(ElectionWorld world, FaultMix mix) {
    return Simulation.of(world.in(form())).withFaults(mix).withLasting(LeaseWorld.LASTING);
  }

  @Test
  @Proves("LEASE-51")
  void aListenerHearsBeginningsAndEndsInTurnWhateverClocksDo() throws Exception {
    ElectionWorld world = ElectionWorld.demanding(Demand.IN_TURN);
    check("in turn", simulation(world, SimulatedLeases.UNBOUNDED));
  }

  @Test
  @Proves("LEASE-55")
  void whoeverHeardTheBeginningHearsTheEndWhateverClocksDo() throws Exception {
    ElectionWorld world = ElectionWorld.demanding(Demand.END_IS_HEARD);
    check("the end is heard", simulation(world, SimulatedLeases.UNBOUNDED));
  }

  @Test
  @Proves("LEASE-52")
  @Proves("LEASE-53")
  void oneTermAtMostIsCurrentWhileClocksKeepTheirBound() throws Exception {
    ElectionWorld world = ElectionWorld.demanding(Demand.ONE_LEADS, Demand.NUMBERS_GROW);
    FaultMix drifting = SimulatedLeases.DRIFTING.with(Kind.WALL_JUMP, 3);
    check("one leads, clocks drift and jump", simulation(world, drifting));
    check("one leads, the store is slow", simulation(world, SimulatedLeases.SLOW_STORE));
    check("one leads", simulation(world, SimulatedLeases.BOUNDED));
  }

  @Test
  @Proves("LEASE-54")
  void somebodyLeadsSoonAfterTheFaults() throws Exception {
    ElectionWorld world = ElectionWorld.demanding(Demand.SOMEBODY_LEADS, Demand.WORK_GOES_ON);
    check("somebody leads", simulation(world, SimulatedLeases.BOUNDED));
  }

  @Test
  @Proves("LEASE-80")
  void aLeaseIsGivenBackWhenTheListenerHasHeardTheEnd() throws Exception {
    ElectionWorld world = ElectionWorld.demanding(Demand.HEARD_THE_END);
    check("heard the end", simulation(world, SimulatedLeases.BOUNDED));
  }

  @Test
  @Proves("LEASE-12")
  void whenClocksBreakTheirBoundTheLogIsStillOneLeaders() throws Exception {
    ElectionWorld world =
        ElectionWorld.demanding(Demand.GUARDED, Demand.NUMBERS_GROW, Demand.WORK_GOES_ON);
    check("two lead, one writes", simulation(world, SimulatedLeases.UNBOUNDED));
  }
}
