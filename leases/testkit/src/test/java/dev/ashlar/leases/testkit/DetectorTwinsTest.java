package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.core.testkit.world.Failure;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.testkit.WatchedGroup.Demand;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of a detector is caught by the property that is named for it. */
class DetectorTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(DetectorTwins.WaitsForTheFirstTwin.class, "LEASE-56")
        .and(DetectorTwins.IgnoresIncarnationTwin.class, "LEASE-57")
        .and(DetectorTwins.NeverForgivesTwin.class, "LEASE-57")
        .and(DetectorTwins.CountsAnewTwin.class, "LEASE-58")
        .and(DetectorTwins.NoLocalHealthTwin.class, "LEASE-59")
        .and(DetectorTwins.NoLeastDeviationTwin.class, "LEASE-60")
        .and(DetectorTwins.OneMinusTwin.class, "LEASE-60")
        .and(DetectorTwins.CountsCopiesTwin.class, "LEASE-85")
        .and(DetectorTwins.CountsRelayedTwin.class, "LEASE-85")
        .and(DetectorTwins.WallClockSilenceTwin.class, "LEASE-86")
        .and(DetectorTwins.NumbersLooksTwin.class, "LEASE-87")
        .and(DetectorTwins.LearnsOutagesTwin.class, "LEASE-88")
        .tests();
  }

  private static final FaultMix PAUSES =
      FaultMix.none()
          .with(Kind.PAUSE, 4, "a")
          .with(Kind.WALL_JUMP, 1)
          .withLengths(Duration.ofMillis(10), Duration.ofMinutes(1));

  /** What the tests by hand find, the worlds find too, within these many seeds. */
  @TestFactory
  Stream<DynamicTest> worlds() {
    return Stream.of(
        found(new DetectorTwins.NoLocalHealthTwin(), Demand.A_SUSPECTS_NOBODY, PAUSES, 100),
        found(
            new DetectorTwins.WallClockSilenceTwin(),
            Demand.A_SUSPECTS_NOBODY,
            FaultMix.none().with(Kind.WALL_JUMP, 1),
            100),
        found(
            new DetectorTwins.CountsAnythingTwin(),
            Demand.CRASHED_IS_SUSPECTED,
            FaultMix.none(),
            1),
        found(
            new DetectorTwins.LearnsOutagesTwin(),
            Demand.CRASHED_IS_SUSPECTED,
            FaultMix.ordinary().withLengths(Duration.ofSeconds(5), Duration.ofSeconds(30)),
            2000));
  }

  private static DynamicTest found(
      DetectorFixture twin, Demand demand, FaultMix faults, int seeds) {
    return DynamicTest.dynamicTest(
        demand + " by " + twin.getClass().getSimpleName(),
        () -> {
          Optional<Failure> failure =
              Simulation.of(new WatchedGroup(twin, demand))
                  .withFaults(faults)
                  .withLasting(WatchedGroup.LASTING)
                  .find(1, seeds);
          assertThat(failure).isPresent();
          // A world that shows something else than it was built for proves nothing.
          assertThat(failure.get().run().violation().orElseThrow())
              .isInstanceOf(AssertionError.class);
          System.out.printf(
              "%s: seed %d, %d faults%n",
              twin.getClass().getSimpleName(),
              failure.get().run().seed(),
              failure.get().needed().size());
        });
  }

  @Test
  void thousandsOfWorldsTakeAMinute() throws Exception {
    Simulation<WatchedGroup.Message> simulation =
        Simulation.of(new WatchedGroup(new PhiAccrualDetectorTest(), Demand.ALL_ARE_ALIVE))
            .withLasting(WatchedGroup.LASTING);
    long began = TimeSource.system().nanos();
    simulation.check(1, 1000);
    double minutes = (TimeSource.system().nanos() - began) / 60e9;
    System.out.printf("%.0f worlds of watchers a minute%n", 1000 / minutes);
    // Slow enough to hold on a machine that does much else.
    assertThat(1000 / minutes).isGreaterThan(500);
  }
}
