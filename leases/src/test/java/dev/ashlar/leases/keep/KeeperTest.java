package dev.ashlar.leases.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The clock rules, without a clock: the keeper is told the time. */
class KeeperTest {

  private static final Duration TERM = Duration.ofSeconds(15);
  private static final LeaseName NAME = new LeaseName("nightly");
  private static final Fence FENCE =
      new Fence(new Contender(NAME, "host-1", "n-1"), new FencingToken(7));
  private static final long BELIEVED = new Terms(TERM, 0.01).believedNanos();

  /** Close to where the counter overflows, as a counter may be. */
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private final Keeper keeper =
      new Keeper(new Grant(FENCE, TERM), START, LeaseOptions.of("host-1", new SplittableRandom(1)));

  private static long at(double seconds) {
    return START + (long) (seconds * 1e9);
  }

  private static Answer<Grant> confirmed(Duration term) {
    return new Answer.Done<>(new Grant(FENCE, term));
  }

  private static Answer<Grant> silence() {
    return new Answer.Unknown<>(
        new BackendException("lease", Effect.UNKNOWN, new Advice.Transient(), null));
  }

  @Test
  void theDeadlineIsEarlierThanTheTermByDriftAndMargin() {
    assertThat(Duration.ofNanos(BELIEVED)).isBetween(Duration.ofMillis(14_100), TERM);
    assertThat(Duration.ofNanos(new Terms(Duration.ofSeconds(1), 0.01).believedNanos()))
        .isBetween(Duration.ofMillis(740), Duration.ofMillis(741));
    assertThat(new Terms(Duration.ofMillis(100), 0.01).believedNanos()).isZero();
  }

  @Test
  void itIsHeldThenSuspectThenLostByTheClockAlone() {
    assertThat(keeper.state(at(0))).isEqualTo(LeaseState.HELD);
    assertThat(keeper.state(at(9.2))).isEqualTo(LeaseState.HELD);
    assertThat(keeper.state(at(9.3))).isEqualTo(LeaseState.SUSPECT);
    assertThat(keeper.state(START + BELIEVED - 1)).isEqualTo(LeaseState.SUSPECT);
    assertThat(keeper.state(START + BELIEVED)).isEqualTo(LeaseState.LOST);
    assertThat(keeper.lossCause(START + BELIEVED)).contains(LossCause.DEADLINE);
    assertThat(keeper.remaining(START + BELIEVED)).isZero();
    assertThat(keeper.next(START + BELIEVED)).isEqualTo(new Keeper.Step.Stop());
  }

  @Test
  void itRenewsEachThirdOfTheTermGiveOrTakeATenth() {
    assertThat(keeper.next(at(0)))
        .isInstanceOfSatisfying(
            Keeper.Step.Wait.class,
            wait -> assertThat(wait.untilNanos() - START).isBetween(nanos(4.5), nanos(5.5)));
    assertThat(keeper.next(at(5.5))).isEqualTo(new Keeper.Step.Renew(nanos(3.75)));
    assertThat(keeper.next(at(14))).isEqualTo(new Keeper.Step.Renew(START + BELIEVED - at(14)));
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  @Test
  void aConfirmationCountsFromItsSending() {
    keeper.answered(confirmed(TERM), at(5), at(8));

    assertThat(keeper.remaining(at(8))).isEqualTo(Duration.ofNanos(at(5) + BELIEVED - at(8)));
    assertThat(keeper.state(at(8))).isEqualTo(LeaseState.HELD);
  }

  @Test
  void aConfirmationNeverMovesTheDeadlineBack() {
    keeper.answered(confirmed(Duration.ofSeconds(3)), at(1), at(1));
    assertThat(keeper.remaining(at(1))).isEqualTo(Duration.ofNanos(START + BELIEVED - at(1)));

    keeper.answered(confirmed(TERM), at(6), at(7));
    keeper.answered(confirmed(TERM), at(5), at(8));
    assertThat(keeper.remaining(at(8))).isEqualTo(Duration.ofNanos(at(6) + BELIEVED - at(8)));
  }

  @Test
  void silenceMakesItSuspectAndIsFollowedByAnotherTry() {
    keeper.answered(silence(), at(5), at(6));

    assertThat(keeper.state(at(6))).isEqualTo(LeaseState.SUSPECT);
    assertThat(keeper.next(at(6))).isEqualTo(new Keeper.Step.Wait(at(6) + nanos(1.25)));
    keeper.answered(confirmed(TERM), at(7.25), at(7.5));
    assertThat(keeper.state(at(7.5))).isEqualTo(LeaseState.HELD);
  }

  @Test
  void aRefusalEndsItAndSaysWhy() {
    keeper.answered(new Answer.Refused<>(Optional.empty()), at(5), at(5));
    assertThat(keeper.lossCause(at(5))).contains(LossCause.EXPIRED);

    Keeper other =
        new Keeper(
            new Grant(FENCE, TERM), START, LeaseOptions.of("host-1", new SplittableRandom(1)));
    Fence successor = new Fence(new Contender(NAME, "host-2", "n-2"), new FencingToken(8));
    other.answered(new Answer.Refused<>(Optional.of(new Grant(successor, TERM))), at(5), at(5));
    assertThat(other.lossCause(at(5))).contains(LossCause.SUPERSEDED);
  }

  @Test
  void anAnswerForAnotherGrantEndsIt() {
    Fence changed = new Fence(FENCE.holder(), new FencingToken(3));
    keeper.answered(new Answer.Done<>(new Grant(changed, TERM)), at(5), at(5));

    assertThat(keeper.lossCause(at(5))).contains(LossCause.BACKEND_RESET);
  }

  @Test
  void whatIsOverStaysOver() {
    keeper.answered(confirmed(TERM), at(5), START + BELIEVED);
    assertThat(keeper.state(START + BELIEVED)).isEqualTo(LeaseState.LOST);
    keeper.lose(LossCause.FENCED_BY_RESOURCE, at(15));
    assertThat(keeper.lossCause(at(15))).contains(LossCause.DEADLINE);
    keeper.release(at(16));
    assertThat(keeper.state(at(16))).isEqualTo(LeaseState.LOST);
  }

  @Test
  void whatIsReleasedIsNeverLost() {
    keeper.release(at(1));
    keeper.lose(LossCause.FENCED_BY_RESOURCE, at(2));

    assertThat(keeper.state(at(100))).isEqualTo(LeaseState.RELEASED);
    assertThat(keeper.lossCause(at(100))).isEmpty();
    assertThat(keeper.next(at(2))).isEqualTo(new Keeper.Step.Stop());
  }

  @Test
  void afterAPauseOnlyARequestThatWasSentSinceRemovesTheDoubt() {
    keeper.paused(at(2));
    assertThat(keeper.state(at(2))).isEqualTo(LeaseState.SUSPECT);
    assertThat(keeper.next(at(2))).isInstanceOf(Keeper.Step.Renew.class);
    keeper.answered(confirmed(TERM), at(1.9), at(2.1));
    assertThat(keeper.state(at(2.1))).isEqualTo(LeaseState.SUSPECT);
    assertThat(keeper.next(at(2.1))).isInstanceOf(Keeper.Step.Renew.class);
    keeper.answered(confirmed(TERM), at(2.2), at(2.3));
    assertThat(keeper.state(at(2.3))).isEqualTo(LeaseState.HELD);
    assertThat(keeper.remaining(at(2.3))).isEqualTo(Duration.ofNanos(at(2.2) + BELIEVED - at(2.3)));
  }

  @Test
  void workThatSaysNothingLosesTheLeaseThoughItIsRenewed() {
    Keeper stalling =
        new Keeper(
            new Grant(FENCE, TERM),
            START,
            LeaseOptions.of("host-1", new SplittableRandom(1))
                .withStallMax(Duration.ofSeconds(10)));
    stalling.answered(confirmed(TERM), at(5), at(5));
    stalling.progressed(at(6));
    stalling.answered(confirmed(TERM), at(10), at(10));
    assertThat(stalling.remaining(at(15))).isEqualTo(Duration.ofNanos(at(16) - at(15)));
    assertThat(stalling.state(at(16) - 1)).isEqualTo(LeaseState.HELD);
    assertThat(stalling.lossCause(at(16))).contains(LossCause.STALLED);
    stalling.progressed(at(16));
    assertThat(stalling.state(at(16))).isEqualTo(LeaseState.LOST);
  }

  @Test
  void theDelayIsTheStoresAndNotTheHolders() {
    Keeper delaying =
        new Keeper(
            new Grant(FENCE, TERM.plusSeconds(10)),
            START,
            LeaseOptions.of("host-1", new SplittableRandom(1))
                .withLockDelay(Duration.ofSeconds(10)));
    assertThat(delaying.remaining(at(0))).isEqualTo(Duration.ofNanos(BELIEVED));
    delaying.answered(confirmed(TERM.plusSeconds(10)), at(5), at(5));
    assertThat(delaying.remaining(at(5))).isEqualTo(Duration.ofNanos(BELIEVED));
  }

  @Test
  void aRenewalThatIsDueSoonComesAlong() {
    assertThat(keeper.next(at(4), nanos(1.5))).isInstanceOf(Keeper.Step.Renew.class);
    assertThat(keeper.next(at(4), 0)).isInstanceOf(Keeper.Step.Wait.class);
  }
}
