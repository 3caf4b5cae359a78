package dev.ashlar.core.testkit.world;

import static dev.ashlar.core.testkit.world.Worlds.seconds;
import static dev.ashlar.core.testkit.world.Worlds.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.world.Fault.ClockDuring;
import dev.ashlar.core.testkit.world.Fault.Route;
import dev.ashlar.core.testkit.world.Fault.Striking;
import dev.ashlar.core.testkit.world.Worlds.Seen;
import dev.ashlar.core.testkit.world.Worlds.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What each fault does to a place that sends to another once a second. */
class WorldTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Route A_TO_B = Route.oneWay("a", "b");

  @Test
  void withoutFaultsEachMessageArrivesOnceAndInOrder() throws Exception {
    assertThat(ticks(3)).containsExactly("1.001 b m1", "2.001 b m2", "3.001 b m3");
  }

  @Test
  void manyMessagesAtOnceStayInOrderThoughEachTakesItsOwnTime() throws Exception {
    Seeds.check(
        20,
        (seed, random) -> {
          List<String> came = new ArrayList<>();
          List<Long> moments = new ArrayList<>();
          Run run =
              Simulation.<String>of(
                      world -> {
                        Environment<String> a = world.place("a", env -> (from, message) -> {});
                        world.place(
                            "b",
                            env ->
                                (from, message) -> {
                                  came.add(message);
                                  moments.add(world.time().nanos());
                                });
                        world
                            .time()
                            .after(
                                SECOND,
                                () -> {
                                  for (int i = 0; i < 50; i++) {
                                    a.send("b", "" + i);
                                  }
                                });
                        return () -> assertThat(came).hasSize(50);
                      })
                  .run(seed, List.of());
          run.orThrow();
          assertThat(came)
              .isSortedAccordingTo((one, two) -> Integer.parseInt(one) - Integer.parseInt(two));
          assertThat(moments)
              .isSorted()
              .allMatch(at -> at >= 1_000_100_000L && at <= 1_002_000_001L);
        });
  }

  // The network.

  @Test
  void aCutLosesWhatIsSentAndWhatIsOnItsWay() throws Exception {
    assertThat(ticks(4, new Fault.Cut(seconds(1.0005), seconds(1.5), A_TO_B)))
        .containsExactly("3.001 b m3", "4.001 b m4");
  }

  @Test
  void aCutInTheOtherDirectionLosesNothing() throws Exception {
    assertThat(ticks(2, new Fault.Cut(seconds(0), seconds(2), Route.oneWay("b", "a")))).hasSize(2);
    assertThat(ticks(2, new Fault.Cut(seconds(0), seconds(3), Route.between("b", "a")))).isEmpty();
  }

  @Test
  void requestsAreCarriedOutAndNotAnsweredWhereTheWayBackIsCut() throws Exception {
    AtomicInteger carriedOut = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    Run run =
        Worlds.simulation(
                world -> {
                  world.place(
                      "store",
                      env ->
                          (from, message) -> {
                            carriedOut.incrementAndGet();
                            env.send(from, "done");
                          });
                  world.place(
                      "a",
                      env ->
                          new Ticker(env, "store", SECOND) {
                            @Override
                            public void onMessage(String from, String message) {
                              answered.incrementAndGet();
                            }
                          });
                  return () -> {};
                },
                seconds(4.5))
            .run(1, List.of(new Fault.Cut(seconds(1.5), seconds(2), Route.oneWay("store", "a"))));

    run.orThrow();
    assertThat(carriedOut).hasValue(4);
    assertThat(answered).hasValue(2);
  }

  @Test
  void aLossLosesAboutItsShare() throws Exception {
    assertThat(ticks(1000, new Fault.Loss(seconds(0), seconds(2000), A_TO_B, 0.3)))
        .hasSizeBetween(620, 780);
    assertThat(ticks(5, new Fault.Loss(seconds(1.5), seconds(2), A_TO_B, 1)))
        .containsExactly("1.001 b m1", "4.001 b m4", "5.001 b m5");
  }

  @Test
  void aDelayMakesMessagesLateAndKeepsTheirOrder() throws Exception {
    assertThat(ticks(4, new Fault.Delay(seconds(1.5), seconds(1), A_TO_B, seconds(1.2))))
        .containsExactly("1.001 b m1", "3.201 b m2", "3.201 b m3", "4.001 b m4");
  }

  @Test
  void reorderedMessagesOvertakeEachOther() throws Exception {
    List<String> came =
        ticks(100, new Fault.Reordering(seconds(0), seconds(90), A_TO_B, seconds(5)));
    List<Integer> numbers =
        came.stream().map(line -> Integer.parseInt(line.replaceAll(".* m", ""))).toList();

    assertThat(numbers).hasSize(100).doesNotHaveDuplicates();
    assertThat(numbers.subList(0, 80))
        .isNotEqualTo(numbers.stream().sorted().toList().subList(0, 80));
  }

  @Test
  void ofSeveralFaultsThatMakeAMessageLateTheWorstCounts() throws Exception {
    assertThat(
            ticks(
                8,
                new Fault.Delay(seconds(1.5), seconds(1), A_TO_B, seconds(1.2)),
                new Fault.Delay(seconds(1.5), seconds(1), A_TO_B, seconds(1.1)),
                new Fault.Reordering(seconds(1.5), seconds(1), A_TO_B, seconds(1)),
                new Fault.Duplication(seconds(1.5), seconds(1), A_TO_B, 1, seconds(1.2))))
        .startsWith("1.001 b m1", "3.001 b m3")
        .containsSequence("3.201 b m2", "3.201 b m2");
  }

  @Test
  void duplicatedMessagesArriveAgain() throws Exception {
    List<String> came =
        ticks(5, new Fault.Duplication(seconds(1.5), seconds(1), A_TO_B, 1, seconds(0.9)));

    assertThat(came).hasSize(6).contains("2.001 b m2");
    assertThat(came).filteredOn(line -> line.endsWith("m2")).hasSize(2);
  }

  // Pauses.

  @Test
  void whatComesDuringAPauseIsWorkedOffInOrderWhenItEnds() throws Exception {
    assertThat(ticks(4, pause(1.5, 2, "b", ClockDuring.GOES_ON)))
        .containsExactly("1.001 b m1", "3.500 b m2", "3.500 b m3", "4.001 b m4");
  }

  @Test
  void aTimerThatRunsOutDuringAPauseRingsWhenItEnds() throws Exception {
    assertThat(ticks(5, pause(1.5, 1.7, "a", ClockDuring.GOES_ON)))
        .containsExactly("1.001 b m1", "3.201 b m2", "4.201 b m3", "5.201 b m4");
  }

  @Test
  void whileAClockStandsStillItsTimersDo() throws Exception {
    assertThat(ticks(5, pause(1.5, 1.7, "a", ClockDuring.STANDS_STILL)))
        .containsExactly("1.001 b m1", "3.701 b m2", "4.701 b m3");
  }

  @Test
  void overlappingPausesEndWithTheLast() throws Exception {
    assertThat(
            ticks(
                4,
                pause(1.5, 2, "b", ClockDuring.GOES_ON),
                pause(1.6, 0.1, "b", ClockDuring.STANDS_STILL)))
        .containsExactly("1.001 b m1", "3.500 b m2", "3.500 b m3", "4.001 b m4");
  }

  @Test
  void aPauseWithinAStepKeepsWhatTheStepHasSent() throws Exception {
    Fault pause =
        new Fault.Pause(
            seconds(1.5), seconds(1.2), "a", ClockDuring.GOES_ON, Striking.WITHIN_A_STEP);

    // m2 was made at 2 s and left at 2.7 s; the timer that was set with it ran on.
    assertThat(ticks(4, pause))
        .containsExactly("1.001 b m1", "2.701 b m2", "3.001 b m3", "4.001 b m4");
  }

  @Test
  void aCrashInAPauseTakesAlongWhatHasNotLeft() throws Exception {
    Fault pause =
        new Fault.Pause(
            seconds(1.5), seconds(1.2), "a", ClockDuring.GOES_ON, Striking.WITHIN_A_STEP);

    assertThat(ticks(4, pause, new Fault.Crash(seconds(2.2), seconds(0.1), "a", false)))
        .containsExactly("1.001 b m1", "3.301 b m1", "4.301 b m2");
  }

  @Test
  void aPauseThatFindsNoStepToStrikeWithinDoesNothing() throws Exception {
    Fault pause =
        new Fault.Pause(
            seconds(1.1), seconds(0.5), "a", ClockDuring.GOES_ON, Striking.WITHIN_A_STEP);

    assertThat(ticks(2, pause)).containsExactly("1.001 b m1", "2.001 b m2");
  }

  @Test
  void aTimerThatIsCancelledBeforeItsPlaceGoesOnDoesNotRing() throws Exception {
    Seen seen = new Seen();
    Run run =
        Worlds.simulation(
                world -> {
                  world.place("b", env -> new Ticker(env, "a", SECOND));
                  world.place(
                      "a",
                      env ->
                          new Actor<>() {
                            @Override
                            public void onStart() {
                              env.setTimer("late", seconds(1.5));
                            }

                            @Override
                            public void onMessage(String from, String message) {
                              seen.add(world, env, message);
                              env.cancelTimer("late");
                            }

                            @Override
                            public void onTimer(String name) {
                              seen.add(world, env, name);
                            }
                          });
                  return () -> {};
                },
                seconds(2.5))
            .run(1, List.of(pause(0.5, 1.2, "a", ClockDuring.GOES_ON)));

    run.orThrow();
    assertThat(seen.lines()).containsExactly("1.700 a m1", "2.001 a m2");
  }

  private static Fault pause(double at, double lasting, String place, ClockDuring clock) {
    return new Fault.Pause(seconds(at), seconds(lasting), place, clock, Striking.BETWEEN_STEPS);
  }

  // Crashes.

  @Test
  void aCrashTakesMemoryAndTimersAndLetsAnotherBegin() throws Exception {
    assertThat(ticks(5, new Fault.Crash(seconds(2.5), seconds(1), "a", false)))
        .containsExactly("1.001 b m1", "2.001 b m2", "4.501 b m1");
  }

  @Test
  void whatIsToGoWrongAtOnceDoes() throws Exception {
    assertThat(ticks(3, new Fault.Crash(seconds(0), seconds(1.5), "a", false)))
        .containsExactly("2.501 b m1");
    assertThat(ticks(3, pause(0, 2.2, "b", ClockDuring.GOES_ON)))
        .containsExactly("2.200 b m1", "2.200 b m2", "3.001 b m3");
  }

  @Test
  void whatComesWhileAPlaceIsDownIsLost() throws Exception {
    assertThat(ticks(5, new Fault.Crash(seconds(1.5), seconds(2), "b", false)))
        .containsExactly("1.001 b m1", "4.001 b m4", "5.001 b m5");
    assertThat(
            ticks(
                5,
                pause(0.5, 9, "b", ClockDuring.STANDS_STILL),
                new Fault.Crash(seconds(1.5), seconds(2), "b", false)))
        .as("what had piled up too, and the pause with it")
        .containsExactly("4.001 b m4", "5.001 b m5");
  }

  @Test
  void whatIsKeptSurvivesACrashUnlessDataAreLost() throws Exception {
    List<Integer> counts = new ArrayList<>();
    Scenario<String> scenario =
        world -> {
          world.place(
              "a",
              env -> {
                AtomicInteger lives = env.kept("lives", AtomicInteger::new);
                counts.add(lives.incrementAndGet());
                return (from, message) -> {};
              });
          return () -> {};
        };
    Run run =
        Worlds.simulation(scenario, seconds(10))
            .run(
                1,
                List.of(
                    new Fault.Crash(seconds(1), seconds(1), "a", false),
                    new Fault.Crash(seconds(1.5), seconds(2), "a", false),
                    new Fault.Crash(seconds(5), seconds(1), "a", true)));

    run.orThrow();
    assertThat(counts).containsExactly(1, 2, 1);
  }

  // Runs.

  @Test
  void placesThatAreNotThereAndNamesThatAreAreRefused() {
    assertThatThrownBy(() -> ticks(1, new Fault.WallJump(seconds(0), "c", SECOND)))
        .hasMessage("place: c (expected: one of [a, b])");
    Simulation<String> twice =
        Simulation.of(
            world -> {
              world.place("a", env -> (from, message) -> {});
              world.place("a", env -> (from, message) -> {});
              return () -> {};
            });
    assertThatThrownBy(() -> twice.run(1))
        .hasMessage("place: a (expected: a new name, before the world begins)");
  }
}
