package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That settling binds to a delivery, and does what was asked, once. */
abstract class SettlementProperties extends DeliveryProperties {

  /** Longer than any test runs, so that whatever arrives before it was not held up by it. */
  static final Duration LONG = Duration.ofHours(6);

  @Test
  @Proves("QUEUE-7")
  void whoGaveAMessageBackCannotSettleItAnyMore() throws Exception {
    send(queue(), "one");
    Delivery former = next(queue());
    assertThat(former.release(soon())).isEqualTo(Settlement.APPLIED);
    Delivery holder = next(queue());

    assertAllStale(former);

    assertThat(holder.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
    assertThat(queue().depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
  }

  @Test
  @Proves("QUEUE-7")
  void aLateSettlementDoesNotDelayTheNewDelivery() throws Exception {
    Message sent = send(queue(), "one");
    Delivery former = next(queue());
    former.release(soon());
    Delivery holder = next(queue());

    assertThat(former.settle(retry(LONG), soon())).isEqualTo(Settlement.STALE);
    assertThat(holder.settle(retry(Duration.ZERO), soon())).isEqualTo(Settlement.APPLIED);

    assertThat(next(queue()).message()).isEqualTo(sent);
  }

  @Test
  @Proves(value = "QUEUE-7", guarantee = "lease")
  void whoseVisibilityEndedCannotSettleOnceAnotherHasTheMessage() throws Exception {
    send(queue(), "one");
    Delivery former = next(queue());
    Delivery holder = next(reopened(queue()));

    assertAllStale(former);

    // The holder's own visibility may have ended by now, but nobody else has asked.
    assertThat(holder.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
    staysEmpty(queue(), visibility());
  }

  private void assertAllStale(Delivery former) throws InterruptedException {
    List<Outcome> outcomes =
        List.of(Outcome.done(), retry(LONG), new Outcome.DeadLetter("by a former holder"));
    for (Outcome outcome : outcomes) {
      assertThat(former.settle(outcome, soon())).as("%s", outcome).isEqualTo(Settlement.STALE);
    }
    assertThat(former.renew(soon())).as("renew").isEqualTo(Settlement.STALE);
    assertThat(former.release(soon())).as("release").isEqualTo(Settlement.STALE);
  }

  @Test
  @Proves("QUEUE-8")
  void settlingTwiceIsHarmlessAndTheFirstOneWins() throws Exception {
    send(queue(), "one");
    Delivery delivery = next(queue());

    assertThat(delivery.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
    assertSecondIsHarmless(delivery, Outcome.done());
    assertSecondIsHarmless(delivery, retry(Duration.ZERO));
    assertSecondIsHarmless(delivery, new Outcome.DeadLetter("too late"));

    staysEmpty(queue(), visibility());
    assertThat(queue().depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
    Message next = send(queue(), "the queue goes on working");
    assertThat(take(queue(), 1)).containsExactly(next);
  }

  @Test
  @Proves("QUEUE-8")
  void aRetryIsNotUndoneByALaterDone() throws Exception {
    Message sent = send(queue(), "one");
    Delivery delivery = next(queue());

    assertThat(delivery.settle(retry(Duration.ZERO), soon())).isEqualTo(Settlement.APPLIED);
    assertSecondIsHarmless(delivery, Outcome.done());

    assertThat(take(queue(), 1)).containsExactly(sent);
  }

  private void assertSecondIsHarmless(Delivery delivery, Outcome outcome)
      throws InterruptedException {
    try {
      assertThat(delivery.settle(outcome, soon())).as("%s", outcome).isEqualTo(Settlement.STALE);
    } catch (RuntimeException e) {
      throw new AssertionError("settling twice: threw (expected: STALE)", e);
    }
  }

  @Test
  @Proves("QUEUE-9")
  void aRetryComesAfterItsDelayAndNotBefore() throws Exception {
    Message sent = send(queue(), "one");
    Duration delay = visibility().dividedBy(2);
    Delivery first = next(queue());
    long start = time().nanos();

    assertThat(first.settle(retry(delay), soon())).isEqualTo(Settlement.APPLIED);
    Delivery second = next(queue());

    assertThat(elapsedSince(start)).isGreaterThanOrEqualTo(atLeast(delay));
    assertThat(second.message()).isEqualTo(sent);
    assertThat(second.attempt()).isEqualTo(first.attempt() + 1);
  }

  @Test
  @Proves("QUEUE-9")
  void aConsumerRetriesWhatItsHandlerFailedOn() throws Exception {
    Duration delay = visibility().dividedBy(2);
    Journal journal = new Journal(time());
    consume(
        queue(),
        (message, context) -> {
          journal.add(message, context.attempt());
          return switch (context.attempt()) {
            case 1 -> retry(delay);
            case 2 -> throw new IllegalStateException("a handler's bug");
            default -> Outcome.done();
          };
        });

    Message sent = send(queue(), "one");
    eventually("the third attempt", () -> journal.size() >= 3);

    assertThat(journal.ids()).containsOnly(sent.id());
    long between = journal.entries().get(1).nanos() - journal.entries().get(0).nanos();
    assertThat(Duration.ofNanos(between)).isGreaterThanOrEqualTo(atLeast(delay));
  }

  @Test
  @Proves("QUEUE-10")
  void aRetryDoesNotHoldUpOtherMessages() throws Exception {
    Message failing = send(queue(), "failing");
    Message other = send(queue(), "other");
    Delivery first = next(queue());
    while (!first.message().equals(failing)) {
      first.settle(retry(Duration.ZERO), soon());
      first = next(queue());
    }

    first.settle(retry(LONG), soon());

    Message later = send(queue(), "later");
    assertThat(take(queue(), 2)).containsExactlyInAnyOrder(other, later);
  }
}
