package dev.ashlar.leases.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.world.Fault;
import dev.ashlar.core.testkit.world.Fault.ClockDuring;
import dev.ashlar.core.testkit.world.Fault.Striking;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Run;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.world.Setting.Trouble;
import dev.ashlar.leases.world.Watch.Demand;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/*
 * Each test demands what it is named for and no more, so that what a missing defence breaks is seen by the
 * property that it breaks.
 */

/** What holds of the protocol in simulated worlds, in whichever form. */
abstract class SimulatedLeases extends Simulated {

  /** Everything that leaves clocks within their bound. */
  static final FaultMix BOUNDED =
      FaultMix.none()
          .with(Kind.CUT, 3)
          .with(Kind.LOSS, 2)
          .with(Kind.DELAY, 2)
          .with(Kind.REORDERING, 2)
          .with(Kind.DUPLICATION, 2)
          .with(Kind.PAUSE, 4)
          .with(Kind.CRASH, 3)
          .with(Kind.WALL_JUMP, 3)
          .with(Kind.DRIFT, 3)
          .withFaultsMax(12);

  /** And clocks that run twice or half as fast, or stand still while others go on. */
  static final FaultMix UNBOUNDED =
      BOUNDED.with(Kind.SUSPENSION, 6, "a", "b", "c").with(Kind.EXCESSIVE_DRIFT, 6);

  /** A store whose answers are slow, though not too slow, and holders that are cut off from it. */
  static final FaultMix SLOW_STORE =
      FaultMix.none()
          .with(Kind.DELAY, 3, LeaseWorld.STORE)
          .with(Kind.CUT, 2, "a", "b", "c")
          .with(Kind.PAUSE, 1, "a", "b", "c")
          .with(Kind.DRIFT, 1)
          .withFaultsMax(30)
          .withLengths(Duration.ofMillis(300), Duration.ofSeconds(3));

  /**
   * Holders that cannot renew, so that their lives end by the clock, and clocks that drift apart.
   */
  static final FaultMix DRIFTING =
      FaultMix.none()
          .with(Kind.CUT, 3, "a", "b", "c")
          .with(Kind.PAUSE, 2, "a", "b", "c")
          .with(Kind.DRIFT, 4)
          .withFaultsMax(40)
          .withLengths(Duration.ofMillis(1500), Duration.ofSeconds(4));

  private <V> Simulation<Message<V>> simulation(LeaseWorld<V> world, FaultMix mix) {
    return Simulation.of(world.in(form())).withFaults(mix).withLasting(LeaseWorld.LASTING);
  }

  private static LeaseWorld<Long> counting() {
    return LeaseWorld.of(Counting::new);
  }

  /** All that is promised of work when no store loses data, whatever clocks do. */
  private static <V> LeaseWorld<V> working(LeaseWorld<V> world) {
    return world.demanding(
        Demand.GUARDED, Demand.NUMBERS_GROW, Demand.NO_REGRESSION, Demand.WORK_GOES_ON);
  }

  // The lease.

  @Test
  @Proves("LEASE-11")
  void oneBelievesAtATimeWhileClocksKeepTheirBound() throws Exception {
    LeaseWorld<Long> world = counting().demanding(Demand.ONE_BELIEVES);
    check("one believes, clocks drift", simulation(world, DRIFTING));
    check("one believes, the store is slow", simulation(world, SLOW_STORE));
    check("one believes", simulation(world, BOUNDED));
  }

  @Test
  @Proves("LEASE-1")
  @Proves("LEASE-4")
  void numbersGrowWhoeverComesAgain() throws Exception {
    check("numbers grow", simulation(counting().demanding(Demand.NUMBERS_GROW), UNBOUNDED));
  }

  @Test
  @Proves("LEASE-14")
  void afterAHoldersCrashAnotherHasTheLeaseInTwoTermsAndAPoll() throws Exception {
    FaultMix mix =
        FaultMix.none()
            .with(Kind.CRASH, 4, "a", "b")
            .with(Kind.PAUSE, 1, "a", "b")
            .with(Kind.WALL_JUMP, 1)
            .with(Kind.DRIFT, 2);
    check("taken over", simulation(counting().demanding(Demand.TAKEN_OVER), mix));
  }

  @Test
  @Proves("LEASE-15")
  void nobodyBelievesBeyondItsDeadline() throws Exception {
    check("by the clock alone", simulation(counting().demanding(Demand.NONE_TOO_LONG), UNBOUNDED));
  }

  @Test
  @Proves("LEASE-17")
  void jumpsOfWallClocksChangeNothing() throws Exception {
    LeaseWorld<Long> world = counting().demanding(Demand.NUMBERS_GROW);
    Simulation<Message<Long>> jumping = simulation(world, BOUNDED.with(Kind.WALL_JUMP, 12));
    checkEach(
        "wall clocks jump",
        seed -> {
          Run run = jumping.run(seed);
          run.orThrow();
          int jumped = world.tally().digest();
          int[] others =
              IntStream.rangeClosed(1, run.faults().size())
                  .filter(number -> !(run.faults().get(number - 1) instanceof Fault.WallJump))
                  .toArray();
          jumping.replay(seed, others).orThrow();
          assertThat(jumped)
              .as("grants and writes with jumps, of seed %d", seed)
              .isEqualTo(world.tally().digest());
        });
  }

  // The lease and the guard.

  @Test
  @Proves("LEASE-12")
  void whenClocksBreakTheirBoundAndSessionsExpireTheGuardHolds() throws Exception {
    LeaseWorld<Long> world = working(counting()).with(Trouble.SESSIONS_EXPIRE);
    check("clocks break their bound", simulation(world, UNBOUNDED));
  }

  @Test
  @Proves("LEASE-18")
  void jumpsOfTheStoresClockNeverLetTwoWrite() throws Exception {
    FaultMix mix = BOUNDED.with(Kind.WALL_JUMP, 9, LeaseWorld.STORE);
    LeaseWorld<Long> world =
        counting().demanding(Demand.GUARDED, Demand.NUMBERS_GROW).with(Trouble.STORE_ON_WALL_CLOCK);
    check("the store's clock jumps", simulation(world, mix));
  }

  @Test
  @Proves("LEASE-32")
  void whoIsRejectedKnowsWhenTheNetworkHeals() throws Exception {
    FaultMix mix =
        UNBOUNDED
            .with(Kind.CUT, 9, LeaseWorld.RESOURCE)
            .with(Kind.LOSS, 6, LeaseWorld.RESOURCE)
            .withFaultsMax(30);
    LeaseWorld<Long> world = counting().demanding(Demand.REJECTED_KNOW);
    check("rejected know", simulation(world, mix));
  }

  @Test
  @Proves("LEASE-49")
  void aStoreThatForgetsItsNumbersLosesNoWrite() throws Exception {
    FaultMix mix = UNBOUNDED.with(Kind.DATA_LOSS, 6, LeaseWorld.STORE);
    check("the store forgets", simulation(counting(), mix));
  }

  // Work.

  @Test
  @Proves("LEASE-43")
  void aResourceThatStartsAgainKnowsWhoClaimedIt() throws Exception {
    FaultMix mix = UNBOUNDED.with(Kind.CRASH, 12, LeaseWorld.RESOURCE).withFaultsMax(20);
    check("the resource restarts", simulation(working(counting()), mix));
  }

  @Test
  @Proves("LEASE-45")
  void aCounterLosesNoAcknowledgedUpdate() throws Exception {
    check("counter", simulation(working(counting()), UNBOUNDED));
  }

  @Test
  @Proves("LEASE-44")
  @Proves("LEASE-45")
  void aListKeepsWhatWasAppendedInOrder() throws Exception {
    LeaseWorld<List<String>> world = LeaseWorld.of(Appending::new);
    check("append list", simulation(working(world), UNBOUNDED));
  }

  @Test
  @Proves("LEASE-45")
  void aLeadersLogHasTermsInOrderAndKeepsWhatIsCommitted() throws Exception {
    LeaseWorld<List<Leading.Entry>> world = LeaseWorld.of(ofRun -> new Leading());
    check("leader's log", simulation(working(world), UNBOUNDED));
  }

  @Test
  @Proves("LEASE-45")
  void twoResourcesUnderOneLeaseEachLoseNothing() throws Exception {
    LeaseWorld<Long> world =
        LeaseWorld.of(ofRun -> new Transferring(ofRun, new Transferring.Half()));
    check("two resources", simulation(working(world), UNBOUNDED));
  }

  /** For half a term, a term and three, at any moment of a tenure, with each kind of clock. */
  @Test
  @Proves("LEASE-45")
  void aPauseAtAnyMomentLosesNothing() throws Exception {
    Simulation<Message<Long>> simulation =
        simulation(working(counting()), FaultMix.none()).withLasting(Duration.ofSeconds(16));
    checkEach(
        "a pause at any moment",
        seed -> {
          for (int halves : new int[] {1, 2, 6}) {
            simulation.run(seed, List.of(pause(seed, halves))).orThrow();
          }
        });
  }

  private static Fault pause(long seed, int halvesOfATerm) {
    RandomGenerator random = Seeds.random(seed);
    return new Fault.Pause(
        Duration.ofMillis(1000 + random.nextInt(4000)),
        LeaseWorld.TERM.multipliedBy(halvesOfATerm).dividedBy(2),
        LeaseWorld.WORKERS.get(random.nextInt(LeaseWorld.WORKERS.size())),
        random.nextBoolean() ? ClockDuring.GOES_ON : ClockDuring.STANDS_STILL,
        random.nextBoolean() ? Striking.WITHIN_A_STEP : Striking.BETWEEN_STEPS);
  }
}
