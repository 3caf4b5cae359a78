package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.resilience.breaker.Admission;
import dev.ashlar.resilience.breaker.BreakerPolicy;
import dev.ashlar.resilience.breaker.BreakerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every circuit breaker must do, as tests: CALL-25 to CALL-28.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class BreakerContract extends Contract {

  private static final long SECOND = 1_000_000_000;
  private static final long START = ManualTime.nearOverflow().nanos();
  private static final long OPEN = 10 * SECOND;
  private static final int CALLS_MIN = 6;
  private static final int PROBES = 5;
  private static final Duration PROBE_MAX = Duration.ofSeconds(7);

  /** For subclasses. */
  protected BreakerContract() {}

  /** Opens a closed breaker. */
  protected abstract TestedBreaker open(BreakerPolicy policy, RandomGenerator random);

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  private TestedBreaker touchy(int jitterPercent, RandomGenerator random) {
    BreakerPolicy policy =
        BreakerPolicy.standard()
            .withFailures(Duration.ofSeconds(20), CALLS_MIN, 50)
            .withOpenTime(Duration.ofNanos(OPEN), jitterPercent)
            .withProbes(PROBES, PROBE_MAX);
    return open(policy, random);
  }

  private static Optional<Admission.Permit> permit(TestedBreaker breaker, long now) {
    return breaker.ask(now) instanceof Admission.Admitted admitted
        ? Optional.of(admitted.permit())
        : Optional.empty();
  }

  private static Admission.Permit admitted(TestedBreaker breaker, long now) {
    return permit(breaker, now)
        .orElseThrow(() -> new AssertionError("refused (expected: admitted)"));
  }

  private static void fail(TestedBreaker breaker, int times, long now) {
    for (int i = 0; i < times; i++) {
      admitted(breaker, now).failed(now);
    }
  }

  /** A naive model: all results are kept, and looked at again after each. */
  private record Result(long second, boolean failed) {}

  @Test
  @Proves("CALL-25")
  void itOpensExactlyWhenTheShareOfFailuresInTheWindowSaysSo() throws Exception {
    Seeds.check(
        300,
        (seed, random) -> {
          int window = 1 + random.nextInt(20);
          int callsMin = 1 + random.nextInt(20);
          int percent = 1 + random.nextInt(100);
          int failing = random.nextInt(101);
          TestedBreaker breaker =
              open(
                  BreakerPolicy.standard()
                      .withFailures(Duration.ofSeconds(window), callsMin, percent),
                  random);
          // The window moves in whole seconds, counted from the first question.
          long start = random.nextLong();
          breaker.state(start);
          List<Result> results = new ArrayList<>();
          long passed = 0;
          boolean expected = false;
          for (int i = 0; i < 300 && !expected; i++) {
            passed += random.nextLong(random.nextInt(4) == 0 ? 2 * SECOND : SECOND / 4);
            boolean failed = random.nextInt(100) < failing;
            Admission.Permit permit = admitted(breaker, start + passed);
            if (failed) {
              permit.failed(start + passed);
            } else {
              permit.succeeded(start + passed);
            }
            results.add(new Result(passed / SECOND, failed));
            expected = isOver(results, passed / SECOND - window, callsMin, percent);
            assertThat(breaker.state(start + passed) == BreakerState.OPEN)
                .as("after %s results", results.size())
                .isEqualTo(expected);
          }
        });
  }

  private static boolean isOver(List<Result> results, long after, int callsMin, int percent) {
    List<Result> inside = results.stream().filter(each -> each.second() > after).toList();
    long failures = inside.stream().filter(Result::failed).count();
    return inside.size() >= callsMin && failures * 100 >= (long) percent * inside.size();
  }

  @Test
  @Proves("CALL-26")
  void whatIsIgnoredLeavesTheShareAsItIs() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    fail(breaker, CALLS_MIN - 1, START);
    for (int i = 0; i < 100; i++) {
      Admission.Permit permit = admitted(breaker, START);
      permit.ignored(START);
      permit.failed(START);
    }
    assertThat(breaker.state(START)).isEqualTo(BreakerState.CLOSED);

    fail(breaker, 1, START);
    assertThat(breaker.state(START)).isEqualTo(BreakerState.OPEN);
  }

  @Test
  @Proves("CALL-27")
  void openEndsExactlyAtItsTime() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    fail(breaker, CALLS_MIN, START);

    assertThat(breaker.ask(START)).isEqualTo(new Admission.Refused(Duration.ofNanos(OPEN)));
    assertThat(breaker.ask(START + OPEN - 1)).isEqualTo(new Admission.Refused(Duration.ofNanos(1)));
    assertThat(permit(breaker, START + OPEN)).as("at the end").isPresent();
    assertThat(permit(breaker, START + OPEN + 1)).as("after it").isPresent();
    assertThat(breaker.state(START + OPEN + 1)).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  @Proves("CALL-27")
  void aFleetsBreakersDoNotAskAgainTogether() {
    Set<Long> ends = new TreeSet<>();
    for (int client = 0; client < 50; client++) {
      TestedBreaker breaker = touchy(20, new SplittableRandom(client));
      fail(breaker, CALLS_MIN, START);
      ends.add(((Admission.Refused) breaker.ask(START)).retryAfter().toNanos());
    }

    assertThat(ends)
        .hasSizeGreaterThan(40)
        .allSatisfy(end -> assertThat(end).isBetween(OPEN / 10 * 8, OPEN / 10 * 12));
  }

  @Test
  @Proves("CALL-27")
  void onlySomeAreLetThroughToFindOut() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    fail(breaker, CALLS_MIN, START);
    long now = START + OPEN;
    List<Admission.Permit> probes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      permit(breaker, now).ifPresent(probes::add);
    }

    assertThat(probes).hasSize(PROBES);
    probes.forEach(probe -> probe.succeeded(now));
    assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  @Proves("CALL-27")
  void probesThatFailOpenItAgain() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    fail(breaker, CALLS_MIN, START);
    long now = START + OPEN;

    fail(breaker, PROBES, now);

    assertThat(breaker.ask(now + OPEN - 1)).isEqualTo(new Admission.Refused(Duration.ofNanos(1)));
    assertThat(permit(breaker, now + OPEN)).isPresent();
  }

  @Test
  @Proves("CALL-27")
  void whoBeganBeforeItOpenedIsNoProbe() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    List<Admission.Permit> early = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      early.add(admitted(breaker, START));
    }
    fail(breaker, CALLS_MIN, START);
    long now = START + OPEN;
    Admission.Permit probe = admitted(breaker, now);

    early.forEach(permit -> permit.succeeded(now));

    assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);
    probe.succeeded(now);
    assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  @Proves("CALL-28")
  void probesThatNeverComeBackCountAsFailed() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    fail(breaker, CALLS_MIN, START);
    long now = START + OPEN;
    for (int i = 0; i < PROBES; i++) {
      assertThat(permit(breaker, now)).isPresent();
    }

    assertThat(breaker.state(now + PROBE_MAX.toNanos() - 1)).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(breaker.state(now + PROBE_MAX.toNanos())).isEqualTo(BreakerState.OPEN);
    assertThat(permit(breaker, now + PROBE_MAX.toNanos() + OPEN)).isPresent();
  }

  @Test
  @Proves("CALL-28")
  void oneLostProbeDoesNotKeepTheOthersFromDeciding() {
    TestedBreaker breaker = touchy(0, new SplittableRandom(1));
    fail(breaker, CALLS_MIN, START);
    long now = START + OPEN;
    Admission.Permit lost = admitted(breaker, now);
    for (int i = 1; i < PROBES; i++) {
      admitted(breaker, now).succeeded(now);
    }
    assertThat(breaker.ask(now)).isInstanceOf(Admission.Refused.class);

    long later = now + PROBE_MAX.toNanos();
    assertThat(breaker.state(later)).isEqualTo(BreakerState.CLOSED);
    lost.failed(later);
    assertThat(breaker.state(later)).isEqualTo(BreakerState.CLOSED);
  }
}
