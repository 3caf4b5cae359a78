package dev.ashlar.core.testkit.world;

import static dev.ashlar.core.testkit.world.Worlds.seconds;
import static dev.ashlar.core.testkit.world.Worlds.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Fault.ClockDuring;
import dev.ashlar.core.testkit.world.Fault.Striking;
import dev.ashlar.core.testkit.world.Worlds.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Clocks and timers of places, and what faults do to them. */
class ClocksTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aClockThatRunsFastMakesTimersShort() throws Exception {
    assertThat(ticks(3, new Fault.Drift(seconds(0.5), seconds(10), "a", 2)))
        .containsExactly(
            "0.751 b m1", "1.251 b m2", "1.751 b m3", "2.251 b m4", "2.751 b m5", "3.251 b m6");
    assertThat(ticks(4, new Fault.Drift(seconds(0), seconds(2), "a", 0.5)))
        .containsExactly("2.001 b m1", "3.001 b m2", "4.001 b m3");
  }

  @Test
  void wallClocksJumpAndElapsedClocksDoNot() throws Exception {
    List<Long> elapsed = new ArrayList<>();
    List<Duration> wall = new ArrayList<>();
    Run run =
        Worlds.simulation(
                world -> {
                  TimeSource time = world.place("a", env -> (from, message) -> {}).time();
                  long began = time.nanos();
                  Instant wallBegan = time.wallTime();
                  return () -> {
                    elapsed.add(time.nanos() - began);
                    wall.add(Duration.between(wallBegan, time.wallTime()));
                  };
                },
                seconds(10))
            .run(
                1,
                List.of(
                    new Fault.WallJump(seconds(1), "a", Duration.ofHours(-3)),
                    new Fault.Pause(
                        seconds(2),
                        seconds(4),
                        "a",
                        ClockDuring.STANDS_STILL,
                        Striking.BETWEEN_STEPS)));

    run.orThrow();
    assertThat(elapsed).containsExactly(6_000_000_000L);
    assertThat(wall).containsExactly(Duration.ofHours(-3).plusSeconds(10));
  }

  @Test
  void timersNeverRunOutEarlyByTheirOwnClockWhateverIsDoneToIt() throws Exception {
    AtomicInteger rung = new AtomicInteger();
    Simulation.<String>of(
            world -> {
              world.place(
                  "a",
                  env ->
                      new Actor<>() {
                        private long due = env.time().nanos();

                        @Override
                        public void onStart() {
                          onTimer("");
                        }

                        @Override
                        public void onTimer(String name) {
                          rung.incrementAndGet();
                          assertThat(env.time().nanos() - due).isNotNegative();
                          long delay = env.random().nextLong(2_000_000_000);
                          due = env.time().nanos() + delay;
                          env.setTimer("t", Duration.ofNanos(delay));
                        }

                        @Override
                        public void onMessage(String from, String message) {}
                      });
              return () -> {};
            })
        .withFaults(
            FaultMix.ordinary()
                .with(FaultMix.Kind.EXCESSIVE_DRIFT, 10)
                .with(FaultMix.Kind.SUSPENSION, 10)
                .withFaultsMax(30))
        .check(200);

    assertThat(rung).hasValueGreaterThan(200);
  }

  @Test
  void aTimerIsSetAnewAndCancelledByItsNameAndTasksByTheirHandle() throws Exception {
    Seen seen = new Seen();
    Run run =
        Worlds.simulation(
                world -> {
                  world.place(
                      "a",
                      env ->
                          new Actor<>() {
                            @Override
                            public void onStart() {
                              env.setTimer("one", seconds(1));
                              env.setTimer("two", seconds(1));
                              env.setTimer("one", seconds(2));
                              env.cancelTimer("two");
                              env.cancelTimer("three");
                              env.setTimer("long", Duration.ofSeconds(Long.MAX_VALUE));
                              TimeSource time = env.time();
                              time.after(seconds(0.5), () -> seen.add(world, env, "task"));
                              assertThat(time.after(seconds(0.6), () -> {}).cancel()).isTrue();
                              TimeSource.Timer timer = time.after(seconds(0), () -> {});
                              time.after(
                                  seconds(1), () -> seen.add(world, env, "" + timer.cancel()));
                            }

                            @Override
                            public void onTimer(String name) {
                              seen.add(world, env, name);
                            }

                            @Override
                            public void onMessage(String from, String message) {}
                          });
                  return () -> {};
                },
                seconds(5))
            .run(1, List.of());

    run.orThrow();
    assertThat(seen.lines()).containsExactly("0.500 a task", "1.000 a false", "2.000 a one");
  }

  @Test
  void elapsedCountersBeginAnywhereAndOneInFourOverflowsInTheFirstMinute() throws Exception {
    AtomicInteger overflows = new AtomicInteger();
    Simulation.<String>of(
            world -> {
              TimeSource time = world.place("a", env -> (from, message) -> {}).time();
              boolean near = time.nanos() > Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();
              overflows.addAndGet(near ? 1 : 0);
              assertThat(Duration.between(time.wallTime(), world.time().wallTime()).abs())
                  .isLessThanOrEqualTo(Duration.ofSeconds(10));
              return () -> assertThat(near && time.nanos() > 0).isFalse();
            })
        .withFaults(FaultMix.none())
        .check(2000);

    assertThat(overflows).hasValueBetween(400, 600);
  }

  @Test
  void nobodyCanWait() throws Exception {
    Simulation.<String>of(
            world -> {
              TimeSource time = world.place("a", env -> (from, message) -> {}).time();
              assertThatThrownBy(() -> time.sleep(SECOND))
                  .hasMessageContaining("expected: a timer");
              assertThatThrownBy(
                      () ->
                          time.await(
                              new ReentrantLock().newCondition(), Deadline.after(SECOND, time)))
                  .hasMessageContaining("expected: a timer");
              return () -> {};
            })
        .check(1);
  }
}
