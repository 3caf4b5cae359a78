package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.world.Setting.Trouble;
import dev.ashlar.leases.world.Watch.Demand;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What holds when leases are kept with options, each in the world that it is for: one that the rest
 * of the protocol has no answer to.
 */
abstract class SimulatedOptions extends Simulated {

  /**
   * Machines that sleep for longer than a quarter of a term. Nobody sets a clock back meanwhile:
   * that would hide it.
   */
  static final FaultMix ASLEEP =
      FaultMix.none()
          .with(Kind.SUSPENSION, 5, "a", "b", "c")
          .with(Kind.CUT, 1)
          .with(Kind.LOSS, 1)
          .with(Kind.DELAY, 1)
          .with(Kind.DUPLICATION, 1)
          .with(Kind.CRASH, 1)
          .with(Kind.DRIFT, 1)
          .withFaultsMax(12)
          .withLengths(Duration.ofMillis(900), Duration.ofSeconds(6));

  /** Holders that are cut off or die, and messages that are late by up to the lock delay. */
  static final FaultMix LATE_WRITES =
      FaultMix.none()
          .with(Kind.CUT, 3, "a", "b", "c")
          .with(Kind.CRASH, 2, "a", "b", "c")
          .with(Kind.DELAY, 4, LeaseWorld.RESOURCE)
          .with(Kind.REORDERING, 3, LeaseWorld.RESOURCE)
          .with(Kind.DUPLICATION, 1, LeaseWorld.RESOURCE)
          .with(Kind.WALL_JUMP, 1)
          .with(Kind.DRIFT, 2)
          .withFaultsMax(30)
          .withLengths(Duration.ofMillis(100), LeaseWorld.LOCK_DELAY);

  /** Workers that hang, crash and pause, and one that is always well. */
  static final FaultMix HANGING =
      FaultMix.none()
          .with(Kind.CRASH, 2, "a", "b")
          .with(Kind.PAUSE, 2, "a", "b")
          .with(Kind.WALL_JUMP, 1)
          .with(Kind.DRIFT, 2);

  private Simulation<Message<Long>> simulation(
      LeaseWorld<Long> world, FaultMix mix, Set<Defence> options) {
    return Simulation.of(world.in(form().using(options)))
        .withFaults(mix)
        .withLasting(LeaseWorld.LASTING);
  }

  private static LeaseWorld<Long> counting(Demand first, Demand... others) {
    return LeaseWorld.of(Counting::new).demanding(first, others);
  }

  @Test
  @Proves("LEASE-17")
  void whoseMachineSleptAsksBeforeItGoesOn() throws Exception {
    LeaseWorld<Long> world = counting(Demand.LAST_ACTS, Demand.WORK_GOES_ON).with(Trouble.NO_GUARD);
    check("asleep", simulation(world, ASLEEP, EnumSet.of(Defence.PAUSE_WATCH)));
  }

  @Test
  @Proves("LEASE-115")
  void withoutAGuardALockDelayCoversWritesThatAreLateByLess() throws Exception {
    LeaseWorld<Long> world =
        counting(Demand.GUARDED, Demand.ONE_BELIEVES, Demand.WORK_GOES_ON).with(Trouble.NO_GUARD);
    check("late writes", simulation(world, LATE_WRITES, EnumSet.of(Defence.LOCK_DELAY)));
  }

  @Test
  @Proves("LEASE-116")
  void aHolderWhoseWorkHangsIsSucceeded() throws Exception {
    LeaseWorld<Long> world =
        counting(Demand.STALLED_ENDS, Demand.GUARDED, Demand.WORK_GOES_ON).with(Trouble.WORK_HANGS);
    check("work hangs", simulation(world, HANGING, EnumSet.of(Defence.STALL_LIMIT)));
  }

  /** Options take nothing away from what holds without them. */
  @Test
  @Proves("LEASE-11")
  @Proves("LEASE-45")
  void withEveryOptionOneBelievesAndNothingIsLost() throws Exception {
    LeaseWorld<Long> bounded = counting(Demand.ONE_BELIEVES, Demand.GUARDED);
    check("every option", simulation(bounded, SimulatedLeases.BOUNDED, Defence.OPTIONS));
    LeaseWorld<Long> unbounded = counting(Demand.GUARDED, Demand.NUMBERS_GROW, Demand.WORK_GOES_ON);
    check(
        "every option, clocks break their bound",
        simulation(unbounded, SimulatedLeases.UNBOUNDED, Defence.OPTIONS));
  }
}
