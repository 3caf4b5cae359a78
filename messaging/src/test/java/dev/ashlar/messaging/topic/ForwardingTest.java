package dev.ashlar.messaging.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.topic.Forwarding.Parcel;
import dev.ashlar.messaging.topic.Forwarding.Verdict;
import dev.ashlar.messaging.topic.Subscription.State;
import dev.ashlar.messaging.topic.SubscriptionOptions.WhenFull;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the bridge decides, moment by moment. */
class ForwardingTest {

  private static final SendResult YES = new SendResult.Accepted();
  private static final SendResult FULL =
      new SendResult.Refused(new Advice.Overloaded(Duration.ZERO), "full");
  private static final Verdict NOTHING = new Verdict(0, 0, false);

  private final Forwarding forwarding =
      new Forwarding(3, Duration.ofNanos(10), Duration.ofNanos(40));
  private final Subscription a = subscription("a", 1, WhenFull.BLOCK, 0);
  private final Subscription b = subscription("b", 2, WhenFull.BLOCK, 0);

  private static Subscription subscription(
      String name, long number, WhenFull whenFull, long patience) {
    SubscriptionOptions options =
        SubscriptionOptions.durable().withWhenFull(whenFull, Duration.ofNanos(patience));
    return new Subscription(name, number, options, State.ATTACHED);
  }

  private Verdict answered(Subscription to, List<Long> tickets, long now, SendResult... results) {
    return forwarding.answered(new Parcel(to, tickets), Arrays.asList(results), now);
  }

  private void take(long ticket, Subscription... to) {
    assertThat(forwarding.take(ticket, List.of(to), 0)).isZero();
  }

  @Test
  void aTicketIsCompleteOnceEverySubscriptionHasConfirmed() {
    take(1, a, b);
    take(2, a, b);
    assertThat(forwarding.due(0))
        .containsExactly(new Parcel(a, List.of(1L, 2L)), new Parcel(b, List.of(1L, 2L)));

    assertThat(answered(a, List.of(1L, 2L), 0, YES, YES)).isEqualTo(new Verdict(2, 0, false));
    assertThat(forwarding.complete()).isEmpty();
    assertThat(answered(b, List.of(1L, 2L), 0, YES, FULL)).isEqualTo(new Verdict(1, 0, false));
    assertThat(forwarding.complete()).containsExactly(1L);

    forwarding.forget(1);
    assertThat(forwarding.complete()).isEmpty();
    assertThat(forwarding.tickets()).containsExactly(2L);
  }

  @Test
  void aTicketForNobodyIsCompleteAtOnce() {
    take(1);
    assertThat(forwarding.complete()).containsExactly(1L);
    forwarding.forget(1);
    assertThat(forwarding.isEmpty()).isTrue();
  }

  @Test
  void theWindowBoundsWhatIsOnItsWay() {
    assertThat(forwarding.room()).isEqualTo(3);
    take(1, a);
    take(2, a);
    take(3, a);
    assertThat(forwarding.room()).isZero();
    answered(a, List.of(1L), 0, YES);
    assertThat(forwarding.room()).as("until it is settled").isZero();
    forwarding.forget(1);
    assertThat(forwarding.room()).isEqualTo(1);
  }

  @Test
  void aQueueThatTakesNothingIsTriedMoreAndMoreRarely() {
    take(1, a);
    assertThat(forwarding.nanosUntilDue(0)).hasValue(0);
    long now = 0;
    for (long pause : new long[] {10, 20, 40, 40}) {
      assertThat(answered(a, List.of(1L), now, FULL)).isEqualTo(NOTHING);
      assertThat(forwarding.nanosUntilDue(now)).hasValue(pause);
      assertThat(forwarding.due(now + pause - 1)).isEmpty();
      now += pause;
      assertThat(forwarding.due(now)).hasSize(1);
    }
    answered(a, List.of(1L), now, YES);
    take(2, a);
    assertThat(forwarding.due(now)).containsExactly(new Parcel(a, List.of(2L)));
  }

  @Test
  void whatIsBehindATicketThatIsNotTakenStaysBehindIt() {
    take(1, a);
    answered(a, List.of(1L), 0, FULL);
    take(2, a);

    assertThat(forwarding.due(5)).isEmpty();
    assertThat(forwarding.due(10)).containsExactly(new Parcel(a, List.of(1L, 2L)));
  }

  @Test
  void aSubscriptionThatDropsDoesSoAfterItsPatienceAndThenAtOnceUntilItTakesSomething() {
    Subscription drops = subscription("d", 3, WhenFull.DROP, 25);
    take(1, drops);
    assertThat(answered(drops, List.of(1L), 0, FULL)).isEqualTo(NOTHING);
    assertThat(answered(drops, List.of(1L), 10, FULL)).isEqualTo(NOTHING);
    assertThat(answered(drops, List.of(1L), 30, FULL)).isEqualTo(new Verdict(0, 1, false));
    assertThat(forwarding.complete()).containsExactly(1L);
    forwarding.forget(1);

    assertThat(forwarding.take(2, List.of(drops, a), 31)).isEqualTo(1);
    answered(a, List.of(2L), 31, YES);
    assertThat(forwarding.complete()).containsExactly(2L);
    forwarding.forget(2);
    assertThat(forwarding.take(3, List.of(drops), 70)).isZero();
    assertThat(answered(drops, List.of(3L), 70, YES)).isEqualTo(new Verdict(1, 0, false));
    forwarding.forget(3);
    assertThat(forwarding.take(4, List.of(drops), 71)).isZero();
    assertThat(answered(drops, List.of(4L), 71, FULL)).as("its patience anew").isEqualTo(NOTHING);
  }

  @Test
  void aSubscriptionThatDetachesLosesNothingBeforeItIsGone() {
    Subscription leaves = subscription("l", 3, WhenFull.DETACH, 5);
    take(1, leaves, a);
    assertThat(answered(leaves, List.of(1L), 0, FULL)).isEqualTo(NOTHING);
    assertThat(answered(leaves, List.of(1L), 10, FULL)).isEqualTo(new Verdict(0, 0, true));
    answered(a, List.of(1L), 10, YES);
    assertThat(forwarding.complete()).isEmpty();

    forwarding.leave(leaves);

    assertThat(forwarding.complete()).containsExactly(1L);
    assertThat(answered(leaves, List.of(1L), 11, FULL)).as("too late").isEqualTo(NOTHING);
  }

  @Test
  void nothingWaitsForSubscriptionsThatAreNotListedAnyMore() {
    take(1, a, b);
    answered(a, List.of(1L), 0, YES);

    forwarding.keepOnly(List.of(a));

    assertThat(forwarding.complete()).containsExactly(1L);
    assertThat(forwarding.due(0)).isEmpty();
  }

  @Test
  void whatWentToAnotherBridgeIsForgotten() {
    take(1, a, b);
    forwarding.forget(1);
    assertThat(forwarding.due(0)).isEmpty();
    assertThat(answered(a, List.of(1L), 0, YES)).isEqualTo(new Verdict(1, 0, false));
    assertThat(forwarding.complete()).isEmpty();
  }
}
