package dev.ashlar.core.testkit.world;

import static dev.ashlar.core.testkit.world.Worlds.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs repeat, failures shrink, and what is no failure of the scenario is not taken for one. */
class SimulationTest {

  private static final FaultMix MANY = FaultMix.ordinary().withFaultsMax(20);

  // Repeating.

  @Test
  void theSameSeedGivesTheSameRunAndAnotherSeedAnother() throws Exception {
    Simulation<LockedCounter.Message> simulation =
        Simulation.of(LockedCounter.fenced()).withLasting(LockedCounter.LASTING).withFaults(MANY);
    Seeds.check(
        10,
        (seed, random) -> {
          Run run = simulation.run(seed);

          // A run that failed holds what was thrown, which is equal to itself only.
          String told = run.describe();
          assertThat(simulation.run(seed).describe()).isEqualTo(told);
          assertThat(simulation.run(seed, run.faults()).describe()).isEqualTo(told);
          int[] all = IntStream.rangeClosed(1, run.faults().size()).toArray();
          assertThat(simulation.replay(seed, all).describe()).isEqualTo(told);
          assertThat(simulation.run(seed + 1).lastEvents()).isNotEqualTo(run.lastEvents());
        });
  }

  @Test
  void leavingAFaultOutChangesNothingThatDoesNotDependOnIt() throws Exception {
    Simulation<LockedCounter.Message> simulation =
        Simulation.of(LockedCounter.fenced()).withLasting(seconds(5));
    // The wall clock of the lock server is read by nobody.
    Fault unseen = new Fault.WallJump(seconds(1), "lock", Duration.ofHours(1));
    Fault other = new Fault.Crash(seconds(2), seconds(1), "store", false);

    assertThat(simulation.run(7, List.of(unseen, other)).lastEvents())
        .isEqualTo(simulation.run(7, List.of(other)).lastEvents());
  }

  // Finding and reducing.

  @Test
  void aFailureIsReducedToTheFaultsThatItTakesAndCutOffWhereItFails() throws Exception {
    Failure failure = twoCrashesOfA().find(1, 1000).orElseThrow();

    assertThat(failure.run().faults())
        .hasSize(2)
        .allMatch(fault -> fault instanceof Fault.Crash crash && crash.place().equals("a"));
    assertThat(failure.needed()).hasSize(2);
    assertThat(failure.drawn()).isGreaterThan(2);
    assertThat(failure.isRepeatable()).isTrue();
    Fault last = failure.run().faults().get(1);
    double restart = last.at().plus(last.lasting()).toNanos() / 1e9;
    String end = failure.run().lastEvents().get(failure.run().lastEvents().size() - 1);
    assertThat(Double.parseDouble(end.strip().split(" ", 2)[0]))
        .isBetween(restart - 1, restart + 1);
  }

  @Test
  void aFailureSaysHowToRepeatItAndWhatHappened() throws Exception {
    Failure failure = twoCrashesOfA().find(1, 1000).orElseThrow();

    assertThat(failure.describe())
        .startsWith(
            "failed with 2 of %d faults; repeat with replay(%dL, %d, %d), or all of them with -Dashlar.seed=%d\nseed "
                .formatted(
                    failure.drawn(),
                    failure.run().seed(),
                    failure.needed().get(0),
                    failure.needed().get(1),
                    failure.run().seed()))
        .contains("s: a is down\n", "violation:\n  began three times\n", "last events:\n")
        .contains("a        crashes", "a        starts again");
    assertThatThrownBy(() -> twoCrashesOfA().check(1, 1000)).hasMessage(failure.describe());
    assertThatThrownBy(() -> failure.run().orThrow()).hasMessage(failure.run().describe());
    assertThatThrownBy(() -> twoCrashesOfA().check(1000))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("repeat with replay(")
        .hasRootCauseMessage("began three times");
  }

  private static Simulation<String> twoCrashesOfA() {
    return Simulation.<String>of(
            world -> {
              AtomicInteger lives = new AtomicInteger();
              world.place(
                  "a",
                  env -> {
                    if (lives.incrementAndGet() == 3) {
                      throw new AssertionError("began three times");
                    }
                    return (from, message) -> {};
                  });
              world.place("b", env -> new Worlds.Ticker(env, "a", seconds(1)));
              return () -> {};
            })
        .withFaults(MANY);
  }

  @Test
  void whatFailsWithoutFaultsIsReducedToNone() throws Exception {
    Failure failure =
        Simulation.<String>of(
                world ->
                    () -> {
                      throw new AssertionError("always");
                    })
            .find(1, 1)
            .orElseThrow();

    assertThat(failure.needed()).isEmpty();
    assertThat(failure.describe()).contains("replay(1L)");
  }

  @Test
  void whatHasNotComeByTheEndIsNotCutOff() throws Exception {
    Failure failure =
        Simulation.<String>of(
                world -> {
                  world.place("a", env -> new Worlds.Ticker(env, "a", seconds(1)));
                  return () -> {
                    throw new AssertionError("nobody has won");
                  };
                })
            .find(1, 1)
            .orElseThrow();

    assertThat(failure.run().steps()).isEqualTo(120);
  }

  @Test
  void whatDoesNotRepeatIsSaidToBeSo() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Failure failure =
        Simulation.<String>of(
                world -> {
                  world.place("a", env -> (from, message) -> {});
                  return () -> assertThat(runs.incrementAndGet()).isNotEqualTo(3);
                })
            .find(1, 10)
            .orElseThrow();

    assertThat(failure.isRepeatable()).isFalse();
    assertThat(failure.run().seed()).isEqualTo(3);
    assertThat(failure.describe()).contains("IT DID NOT REPEAT");
  }

  @Test
  void anotherKindOfFailureIsNotTakenForTheSame() throws Exception {
    // Any crash makes it fail; only a crash of b by an exception of that kind.
    Failure failure =
        Simulation.<String>of(
                world -> {
                  world.place("a", dying(new AssertionError("a")));
                  world.place("b", dying(new IllegalStateException("b")));
                  return () -> {};
                })
            .withFaults(FaultMix.none().with(Kind.CRASH, 1).withFaultsMax(20))
            .find(1, 100)
            .orElseThrow();

    assertThat(failure.run().faults()).hasSize(1);
    assertThat(failure.run().violation().map(Throwable::getMessage))
        .hasValue(failure.run().faults().get(0).places().iterator().next());
  }

  private static java.util.function.Function<Environment<String>, Actor<String>> dying(
      Throwable death) {
    return env -> {
      if (env.kept("lives", AtomicInteger::new).incrementAndGet() == 2) {
        if (death instanceof RuntimeException exception) {
          throw exception;
        }
        throw (Error) death;
      }
      return (from, message) -> {};
    };
  }

  // What is a violation.

  @Test
  void anInvariantIsLookedAtAfterEveryStep() throws Exception {
    AtomicInteger looked = new AtomicInteger();
    Run run =
        Worlds.simulation(
                world -> {
                  world.place("a", env -> new Worlds.Ticker(env, "b", seconds(1)));
                  world.place("b", env -> (from, message) -> {});
                  world.always(() -> assertThat(looked.incrementAndGet()).isLessThanOrEqualTo(5));
                  return () -> {};
                },
                seconds(10))
            .run(1, List.of());

    // Two beginnings, two ticks and one arrival held; the arrival of the second did not.
    assertThat(run.violation()).isPresent();
    assertThat(run.steps()).isEqualTo(6);
    assertThat(run.lastEvents().get(run.lastEvents().size() - 1)).contains("2.001").contains("m2");
  }

  @Test
  void aRunThatGoesInCirclesIsAViolation() throws Exception {
    Run run =
        Simulation.<String>of(
                world -> {
                  world.place(
                      "a",
                      env ->
                          new Actor<>() {
                            @Override
                            public void onStart() {
                              env.setTimer("t", Duration.ZERO);
                            }

                            @Override
                            public void onTimer(String name) {
                              env.setTimer("t", Duration.ZERO);
                            }

                            @Override
                            public void onMessage(String from, String message) {}
                          });
                  return () -> {};
                })
            .run(1, List.of());

    assertThat(run.violation().map(Throwable::getMessage))
        .hasValue("steps: more than 1000000 (expected: fewer; does something go in circles?)");
  }

  @Test
  void whatFurnishingThrowsAndInterruptsComeOutAsTheyAre() {
    assertThatThrownBy(
            () ->
                Simulation.<String>of(
                        world -> {
                          throw new IllegalStateException("bad");
                        })
                    .check(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("bad");
    assertThatThrownBy(
            () ->
                Simulation.<String>of(
                        world ->
                            () -> {
                              throw new InterruptedException();
                            })
                    .check(1))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void aGoodSimulationFindsNothing() throws Exception {
    Optional<Failure> failure =
        Simulation.<String>of(world -> () -> {}).withFaults(FaultMix.none()).find(1, 10);

    assertThat(failure).isEmpty();
  }

  @Test
  void badSettingsAreRefused() {
    Simulation<String> simulation = Simulation.of(world -> () -> {});

    assertThatThrownBy(() -> simulation.find(1, 0)).hasMessage("runs: 0 (expected: >= 1)");
    assertThatThrownBy(() -> simulation.withLasting(Duration.ZERO)).hasMessageContaining("length:");
    assertThatThrownBy(() -> simulation.withTransit(seconds(2), seconds(1)))
        .hasMessageContaining("transit:");
    assertThatThrownBy(() -> simulation.replay(1, 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needed: 1000");
  }
}
