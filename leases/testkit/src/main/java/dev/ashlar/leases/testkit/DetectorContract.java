package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import dev.ashlar.leases.detect.Heartbeat;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.detect.Members;
import dev.ashlar.leases.detect.Membership;
import dev.ashlar.leases.detect.Suspicion;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import dev.ashlar.leases.testkit.WatchedGroup.Demand;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link dev.ashlar.leases.detect.FailureDetector}, and the {@link Membership} over it,
 * must do, as tests: the properties LEASE-56 to LEASE-60 and LEASE-85 to LEASE-88.
 *
 * <p>A detector's test class extends this one and says how to open it. Some tests move clocks by
 * hand, others run a group of three in many simulated worlds with pauses, bad clocks, crashes and a
 * bad network.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class DetectorContract extends DetectorFixture {

  private static final int RUNS = 1000;
  private static final int EVEN = 20;

  /** For subclasses. */
  protected DetectorContract() {}

  @Test
  @Proves("LEASE-56")
  void aSilentNodeIsSuspected() {
    Watcher watcher = new Watcher();
    watcher.hearSteadily(EVEN, ROUND);
    assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);

    watcher.pass(NOTICED_WITHIN);

    assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  @Proves("LEASE-56")
  void aNodeThatWasNeverHeardIsSuspected() {
    Watcher watcher = new Watcher();
    assertThat(watcher.verdict()).isEqualTo(Verdict.UNKNOWN);

    watcher.pass(NOTICED_WITHIN);

    assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  @Proves("LEASE-56")
  void aNodeThatCrashedDuringAPauseHereIsSuspectedAfterIt() {
    Watcher watcher = new Watcher();
    watcher.hearSteadily(EVEN, ROUND);
    watcher.time.advance(Duration.ofMinutes(1));

    watcher.pass(NOTICED_WITHIN);

    assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  @Proves("LEASE-56")
  void aCrashedNodeIsSuspectedByAllInWhateverWorld() throws Exception {
    worlds(Demand.CRASHED_IS_SUSPECTED, FaultMix.ordinary()).check(RUNS);
  }

  @Test
  @Proves("LEASE-57")
  void aNodeThatIsHeardAgainIsAlive() {
    Watcher watcher = new Watcher();
    watcher.hearSteadily(EVEN, ROUND);
    watcher.pass(NOTICED_WITHIN);
    assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);

    for (int i = 0; i < EVEN; i++) {
      assertThat(watcher.hear()).isTrue();
      assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);
      watcher.pass(ROUND);
      assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);
    }
  }

  @Test
  @Proves("LEASE-57")
  void aNodeThatBeganAnewIsAliveThoughItCountsFromOne() {
    Watcher watcher = new Watcher();
    watcher.hearSteadily(EVEN, ROUND);
    watcher.pass(NOTICED_WITHIN);
    assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);

    Heartbeat first = Heartbeat.first(watcher.last.incarnation() + 1);

    assertThat(watcher.detector.heartbeat("b", first)).isTrue();
    assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);
  }

  @Test
  @Proves("LEASE-57")
  void allAreAliveForAllWhenFaultsAreOverInWhateverWorld() throws Exception {
    worlds(Demand.ALL_ARE_ALIVE, FaultMix.ordinary()).check(RUNS);
  }

  @Test
  @Proves("LEASE-58")
  void theLevelNeverFallsBetweenHeartbeats() throws Exception {
    Seeds.check(
        200,
        (seed, random) -> {
          Watcher watcher = new Watcher();
          for (int i = random.nextInt(1, 50); i > 0; i--) {
            watcher.hearSteadily(1, any(random, Duration.ofSeconds(3)));
          }
          double level = 0;
          for (int i = 0; i < 200; i++) {
            // Sometimes with a pause in it, and sometimes by a nanosecond.
            Duration step = any(random, Duration.ofNanos(1L << random.nextInt(1, 34)));
            if (random.nextBoolean()) {
              watcher.pass(step);
            } else {
              watcher.time.advance(step);
            }
            double next = watcher.suspicion().level();
            assertThat(next).isGreaterThanOrEqualTo(level);
            level = next;
          }
        });
  }

  private static Duration any(RandomGenerator random, Duration most) {
    return Duration.ofNanos(random.nextLong(most.toNanos()) + 1);
  }

  @Test
  @Proves("LEASE-59")
  void aPauseHereSuspectsNobody() throws Exception {
    Seeds.check(
        100,
        (seed, random) -> {
          Watcher watcher = new Watcher();
          watcher.hearSteadily(EVEN, ROUND);

          watcher.time.advance(any(random, Duration.ofMinutes(10)));

          assertThat(watcher.verdict()).as("before a tick").isNotEqualTo(Verdict.SUSPECTED);
          watcher.detector.tick();
          assertThat(watcher.verdict()).as("after a tick").isNotEqualTo(Verdict.SUSPECTED);
          watcher.pass(any(random, ROUND));
          assertThat(watcher.verdict()).as("a moment later").isNotEqualTo(Verdict.SUSPECTED);
          watcher.hearSteadily(1, Duration.ofMillis(1));
          assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);
        });
  }

  @Test
  @Proves("LEASE-59")
  void pausesHereSuspectNobodyInWhateverWorld() throws Exception {
    FaultMix here =
        FaultMix.none()
            .with(Kind.PAUSE, 4, "a")
            .with(Kind.SUSPENSION, 2, "a")
            .with(Kind.WALL_JUMP, 1)
            .with(Kind.DRIFT, 1)
            .withLengths(Duration.ofMillis(10), Duration.ofMinutes(1));
    worlds(Demand.A_SUSPECTS_NOBODY, here).check(RUNS);
  }

  private Simulation<WatchedGroup.Message> worlds(Demand demand, FaultMix faults) {
    return Simulation.of(new WatchedGroup(this, demand))
        .withFaults(faults)
        .withLasting(WatchedGroup.LASTING);
  }

  @Test
  @Proves("LEASE-60")
  void anEvenRhythmGivesANumberForEachSilence() {
    for (long millis : new long[] {1, 100, 1000, 10_000}) {
      Watcher watcher = new Watcher();
      watcher.hearSteadily(1100, Duration.ofMillis(millis));
      assertLevelsAreFinite(watcher);
    }
  }

  @Test
  @Proves("LEASE-60")
  void soDoHeartbeatsAllAtOnce() {
    Watcher watcher = new Watcher();
    watcher.pass(NOTICED_WITHIN);
    for (int i = 0; i < 1100; i++) {
      assertThat(watcher.hear()).isTrue();
    }
    assertLevelsAreFinite(watcher);
  }

  private static void assertLevelsAreFinite(Watcher watcher) {
    for (long days : new long[] {0, 1, 365, 36_500, 50_000}) {
      assertThatCode(() -> assertThat(watcher.suspicion().level()).isFinite().isNotNegative())
          .as("after %s days", days)
          .doesNotThrowAnyException();
      watcher.time.advance(Duration.ofDays(days).plusMillis(1));
    }
  }

  @Test
  @Proves("LEASE-85")
  void copiesAndLateHeartbeatsDoNotCount() throws Exception {
    Seeds.check(
        20,
        (seed, random) -> {
          Watcher undisturbed = new Watcher();
          undisturbed.hearSteadily(EVEN, ROUND);
          Watcher watcher = new Watcher();
          watcher.hearSteadily(EVEN, ROUND);
          Duration expected = undisturbed.noticing();

          for (long left = expected.toMillis() / 100; left > 0; left--) {
            assertThat(watcher.detector.heartbeat("b", stale(watcher.last, random))).isFalse();
            watcher.pass(Duration.ofMillis(100));
          }

          assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);
          assertThat(watcher.detector.heartbeat("b", stale(watcher.last, random))).isFalse();
          assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);
        });
  }

  private static Heartbeat stale(Heartbeat last, RandomGenerator random) {
    return random.nextBoolean()
        ? new Heartbeat(last.incarnation(), random.nextLong(last.sequence()) + 1)
        : new Heartbeat(random.nextLong(last.incarnation()), random.nextLong(1000) + 1);
  }

  @Test
  @Proves("LEASE-85")
  void whatOthersPassOnDoesNotCount() {
    ManualTime time = ManualTime.create();
    Membership membership = membership(time);
    Heartbeat number = Heartbeat.first(1);
    for (int i = 0; i < NOTICED_WITHIN.toSeconds(); i++) {
      number = number.next();
      assertThat(receive(membership, "c", "b", number)).isFalse();
      time.advance(ROUND);
      membership.round();
    }

    assertThat(view(membership).contains("b")).isFalse();
    assertThat(receive(membership, "b", "b", number)).isTrue();
    assertThat(view(membership).contains("b")).isTrue();
  }

  private Membership membership(ManualTime time) {
    Membership membership =
        Membership.of(
            Member.of("a"), 1, detector(monitor(time), time), (to, beat) -> {}, Observer.none());
    membership.expect(List.of(Member.of("a"), Member.of("b"), Member.of("c")));
    return membership;
  }

  @Test
  @Proves("LEASE-86")
  void aWallClockThatIsSetSuspectsNobody() throws Exception {
    Seeds.check(
        50,
        (seed, random) -> {
          Watcher watcher = new Watcher();
          watcher.hearSteadily(EVEN, ROUND);
          for (int i = 0; i < EVEN; i++) {
            Duration by = any(random, Duration.ofDays(1));
            watcher.time.jumpWall(random.nextBoolean() ? by : by.negated());
            assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);
            watcher.hearSteadily(1, ROUND);
            assertThat(watcher.verdict()).isEqualTo(Verdict.ALIVE);
          }
          watcher.time.jumpWall(any(random, Duration.ofDays(1)).negated());
          watcher.pass(NOTICED_WITHIN);
          assertThat(watcher.verdict()).isEqualTo(Verdict.SUSPECTED);
        });
  }

  @Test
  @Proves("LEASE-87")
  void aViewHasAnotherNumberIfItIsAnotherAndAPauseChangesNone() {
    ManualTime time = ManualTime.create();
    Membership membership = membership(time);
    Members alone = view(membership);
    assertThat(alone.up()).containsExactly(Member.of("a"));

    assertThat(receive(membership, "b", "b", Heartbeat.first(1))).isTrue();
    Members both = view(membership);
    assertThat(both.up()).containsExactly(Member.of("a"), Member.of("b"));
    assertThat(both.number()).isGreaterThan(alone.number());

    time.advance(Duration.ofMinutes(5));
    assertThat(view(membership)).isEqualTo(both);
    membership.round();
    assertThat(view(membership)).isEqualTo(both);

    for (int i = 0; i < NOTICED_WITHIN.toSeconds(); i++) {
      time.advance(ROUND);
      membership.round();
    }
    Members aloneAgain = view(membership);
    assertThat(aloneAgain.up()).containsExactly(Member.of("a"));
    assertThat(aloneAgain.number()).isGreaterThan(both.number());
    assertThat(view(membership)).isEqualTo(aloneAgain);
  }

  @Test
  @Proves("LEASE-88")
  void anOutageDoesNotLetTheNextOneGoUnnoticedForLonger() {
    Watcher watcher = new Watcher();
    watcher.hearSteadily(EVEN, ROUND);
    Duration before = watcher.noticing();
    watcher.pass(NOTICED_WITHIN);
    watcher.hearSteadily(EVEN, ROUND);

    Suspicion alive = watcher.suspicion();
    Duration after = watcher.noticing();

    assertThat(alive.verdict()).isEqualTo(Verdict.ALIVE);
    assertThat(after).isLessThanOrEqualTo(before.plus(ROUND));
  }
}
