package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That what is sent arrives, as it was sent, until it is settled. */
abstract class DeliveryProperties extends QueueFixture {

  @Test
  @Proves("QUEUE-1")
  void anAcceptedMessageReachesARunningConsumer() throws Exception {
    Journal journal = new Journal(time());
    consume(queue(), noting(journal));

    Set<MessageId> sent = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      sent.add(send(queue(), "m" + i).id());
    }

    promptly("every message at the handler", () -> journal.ids().containsAll(sent));
  }

  @Test
  @Proves("QUEUE-1")
  void whatIsSentBeforeAnyConsumerRunsIsNotLost() throws Exception {
    Message first = send(queue(), "first");
    Message second = send(queue(), "second");
    Journal journal = new Journal(time());

    consume(queue(), noting(journal));

    promptly("both messages", () -> journal.has(first.id()) && journal.has(second.id()));
  }

  @Test
  @Proves("QUEUE-2")
  void aMessageThatIsDoneIsNotDeliveredAgain() throws Exception {
    send(queue(), "one");

    assertThat(next(queue()).settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);

    staysEmpty(queue(), visibility().multipliedBy(2));
    MessageQueue restarted = reopened(queue());
    staysEmpty(restarted, visibility().multipliedBy(2));
    assertThat(restarted.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
  }

  @Test
  @Proves(value = "QUEUE-3", guarantee = "lease")
  void aDeliveryThatIsNotSettledInTimeComesAgainAsTheNextAttempt() throws Exception {
    Message sent = send(queue(), "one");
    long start = time().nanos();

    Delivery first = next(queue());
    Delivery second = next(queue());

    assertThat(elapsedSince(start)).isGreaterThanOrEqualTo(atLeast(visibility()));
    assertThat(second.message()).isEqualTo(sent);
    assertThat(second.attempt()).isEqualTo(first.attempt() + 1);
  }

  @Test
  @Proves(value = "QUEUE-4", guarantee = "connection-loss")
  void aDeliveryWhoseConnectionIsLostGoesToAnotherConsumer() throws Exception {
    // Were there a lease too, it would not end within the test.
    MessageQueue queue = queue(options().withVisibility(Duration.ofHours(6)));
    Message sent = send(queue, "one");
    MessageQueue lost = reopened(queue);
    Delivery first = next(lost);

    cutConnection(lost);
    Delivery second = nextPromptly(queue);

    assertThat(second.message()).isEqualTo(sent);
    assertThat(second.attempt()).isGreaterThan(first.attempt());
  }

  @Test
  @Proves(value = "QUEUE-5", guarantee = "lease")
  void nobodyElseGetsAMessageBeforeItsVisibilityEnds() throws Exception {
    send(queue(), "one");
    MessageQueue other = reopened(queue());
    long start = time().nanos();

    next(queue());
    next(other);

    assertThat(elapsedSince(start)).isGreaterThanOrEqualTo(atLeast(visibility()));
  }

  @Test
  @Proves(value = "QUEUE-5", guarantee = "lease")
  void aRenewedDeliveryKeepsItsMessagePastTheFirstExpiry() throws Exception {
    send(queue(), "one");
    MessageQueue other = reopened(queue());
    long start = time().nanos();
    Delivery held = next(queue());

    // A pause of the machine may end the visibility between two renewals; then the other one gets
    // the
    // message, but never sooner than one visibility after the last renewal was asked for.
    long asked = start;
    Settlement renewed = Settlement.APPLIED;
    Optional<Delivery> seen = Optional.empty();
    while (elapsedSince(start).compareTo(visibility().multipliedBy(3)) < 0 && seen.isEmpty()) {
      pass(visibility().dividedBy(5));
      long before = time().nanos();
      renewed = held.renew(soon());
      asked = renewed == Settlement.APPLIED ? before : asked;
      seen = poll(other);
    }

    if (seen.isEmpty()) {
      assertThat(renewed).isEqualTo(Settlement.APPLIED);
      next(other);
    }
    assertThat(elapsedSince(asked)).isGreaterThanOrEqualTo(atLeast(visibility()));
  }

  @Test
  @Proves(value = "QUEUE-23", guarantee = "delay")
  void aDelayedMessageIsNotVisibleEarlyAndHoldsNobodyUp() throws Exception {
    Duration delay = visibility();
    long start = time().nanos();
    Message delayed = message("later");
    assertThat(queue().trySend(delayed, delay, soon())).isEqualTo(new SendResult.Accepted());
    send(queue(), "now");

    Delivery first = next(queue());
    done(first);
    Delivery second = text(first).equals("later") ? first : next(queue());

    assertThat(elapsedSince(start)).isGreaterThanOrEqualTo(atLeast(delay));
    assertThat(second.message()).isEqualTo(delayed);
    assertThat(second.attempt()).isEqualTo(1);
  }

  @Test
  @Proves("QUEUE-26")
  void aSendWithoutAnAnswerIsUnknownAndSafeToRepeatWithTheSameId() throws Exception {
    String name = freshName();
    MessageQueue queue = handle(name, options(), Observer.none());
    MessageQueue deaf = closedAfterwards(openLosingAnswers(name, options()));
    Message message = message("one");

    SendResult result = deaf.trySend(message, Duration.ZERO, soon());
    assertThat(result).isInstanceOf(SendResult.Unknown.class);
    assertThatThrownBy(result::orThrow)
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNKNOWN));
    send(queue, message);

    assertThat(take(queue, 2)).containsExactly(message, message);
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
  }

  @Test
  @Proves("QUEUE-27")
  void aBatchIsAnsweredForEachMessage() throws Exception {
    QueueOptions small = options().withPayloadMaxBytes(8);
    MessageQueue queue = queue(small);
    Message fine = message("a");
    Message tooBig = message("far too big").withKey("k");
    Message behind = message("b").withKey("k");
    Message last = message("c");

    List<SendResult> results = queue.sendAll(List.of(fine, tooBig, behind, last), soon());

    assertThat(results).hasSize(4);
    assertThat(results.get(0)).isEqualTo(new SendResult.Accepted());
    assertThat(results.get(1))
        .isInstanceOfSatisfying(
            SendResult.Refused.class,
            refused -> assertThat(refused.advice()).isEqualTo(new Advice.Permanent()));
    assertThat(results.get(2)).isInstanceOf(SendResult.Refused.class);
    assertThat(results.get(3)).isEqualTo(new SendResult.Accepted());
    assertThat(take(queue, 2)).containsExactlyInAnyOrder(fine, last);
  }

  @Test
  @Proves("QUEUE-27")
  void ofABatchThatDoesNotFitTheFirstOnesAreAcceptedOnce() throws Exception {
    MessageQueue queue = queue(QueueOptions.capacity(3).withVisibility(visibility()));
    List<Message> batch = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      batch.add(message("m" + i));
    }

    Background<List<SendResult>> sending =
        Background.start("batch", () -> queue.sendAll(batch, in(visibility())));
    List<SendResult> results = resultOf("the answer to the batch", sending);

    assertThat(results.subList(0, 3)).allMatch(SendResult.Accepted.class::isInstance);
    assertThat(results.subList(3, 5)).allMatch(SendResult.Refused.class::isInstance);
    assertThat(take(queue, 3)).containsExactlyInAnyOrderElementsOf(batch.subList(0, 3));
  }

  @Test
  @Proves("QUEUE-30")
  void everythingInAMessageSurvives() throws Exception {
    for (Message message : strangeMessages()) {
      send(queue(), message);
      Delivery delivery = next(queue());
      assertSame(delivery.message(), message);
      done(delivery);
    }
  }

  @Test
  @Proves("QUEUE-30")
  void theRedeliveredCopyIsTheOneThatWasSent() throws Exception {
    Message sent = strangeMessages().get(0);
    send(queue(), sent);

    Delivery first = next(queue());
    first.message().withHeaders(Headers.of("added", "by a handler"));
    first.message().payload().toArray()[0] = 'X';
    first.settle(retry(Duration.ZERO), soon());
    Delivery second = next(queue());
    assertSame(second.message(), sent);
    second.settle(new Outcome.DeadLetter("for the test"), soon());

    assertSame(onlyDead(queue()).message(), sent);
    queue().deadLetters().redrive(sent.id(), soon());
    assertSame(next(queue()).message(), sent);
  }

  @Test
  @Proves("QUEUE-31")
  void attemptsStartAtOneAndNeverDecrease() throws Exception {
    Message sent = send(queue(), "one");
    List<Integer> attempts = new ArrayList<>();

    attempts.add(nextAttempt(sent).settleAs(retry(Duration.ZERO)));
    Delivery given = next(queue());
    attempts.add(given.attempt());
    given.release(soon());
    attempts.add(nextAttempt(sent).settleAs(retry(Duration.ZERO)));
    attempts.add(nextAttempt(sent).settleAs(new Outcome.DeadLetter("for the test")));
    queue().deadLetters().redrive(sent.id(), soon());
    attempts.add(nextAttempt(sent).settleAs(Outcome.done()));

    assertThat(attempts.get(0)).isEqualTo(1);
    assertThat(attempts).isSorted();
    assertThat(attempts.get(4)).as("after a redrive").isGreaterThan(attempts.get(3));
  }

  @Test
  @Proves("QUEUE-31")
  void attemptsGoOnWhereTheyWereAfterARestart() throws Exception {
    Message sent = send(queue(), "one");
    int before = nextAttempt(sent).settleAs(retry(Duration.ZERO));

    Delivery after = next(reopened(queue()));

    assertThat(after.message()).isEqualTo(sent);
    assertThat(after.attempt()).isEqualTo(before + 1);
    done(after);
  }

  @Test
  @Proves("QUEUE-25")
  void whatIsSentAfterARestartIsNotTakenForWhatWasDoneBeforeIt() throws Exception {
    Message first = send(queue(), "one");
    assertThat(take(queue(), 1)).containsExactly(first);

    Message second = send(reopened(queue()), "two");

    assertThat(take(reopened(queue()), 1)).containsExactly(second);
  }

  private Attempt nextAttempt(Message expected) throws Exception {
    Delivery delivery = next(queue());
    assertThat(delivery.message().id()).isEqualTo(expected.id());
    return outcome -> {
      assertThat(delivery.settle(outcome, soon())).isEqualTo(Settlement.APPLIED);
      return delivery.attempt();
    };
  }

  private interface Attempt {
    int settleAs(Outcome outcome) throws InterruptedException;
  }

  private List<Message> strangeMessages() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    Headers headers =
        Headers.of("Empty", "")
            .plus("umlauts", "gr\u00fc\u00dfe \u4f60\u597d \uD83D\uDE80")
            .plus("Twice", "first")
            .plus("twice", "second")
            .plus("blanks", " both\tends ")
            .plus("quotes", "\"'\\;,=%{}<>&");
    Message base = Message.of(new MessageId("A.z_9-" + freshName()), Bytes.owning(every));
    byte[] most = new byte[options().payloadMaxBytes()];
    most[0] = 'a';
    most[most.length - 1] = 'z';
    return List.of(
        base.withHeaders(headers).withKey("schl\u00fcssel \u2603 \uD83D\uDE80"),
        Message.of(new MessageId("x".repeat(64)), Bytes.empty()),
        Message.of(new MessageId("1"), Bytes.owning(most)).withKey("k".repeat(Message.KEY_MAX)),
        message("expires").withTimeToLive(Duration.ofHours(3)).withKey(" '; -- "));
  }

  /** Headers are equal in any case of their names; here the case must survive too. */
  private static void assertSame(Message actual, Message expected) {
    assertThat(actual).isEqualTo(expected);
    assertThat(listed(actual.headers())).isEqualTo(listed(expected.headers()));
  }

  private static List<String> listed(Headers headers) {
    List<String> all = new ArrayList<>();
    headers.forEach((name, value) -> all.add(name + ": " + value));
    return all;
  }
}
