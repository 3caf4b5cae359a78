package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That what cannot be handled is set aside once, with its cause, and can be brought back. */
abstract class DeadLetterProperties extends SettlementProperties {

  private static final Duration CLOCK_SLACK = Duration.ofMinutes(2);

  @Test
  @Proves("QUEUE-11")
  void afterItsLastAttemptAMessageIsSetAsideOnceWithWhatIsKnown() throws Exception {
    MessageQueue queue = queue(options().withAttemptsMax(3));
    Message sent = send(queue, strange());
    Instant before = time().wallTime();
    for (int attempt = 1; attempt <= 3; attempt++) {
      Outcome outcome = new Outcome.Retry(Duration.ZERO, "cause " + attempt);
      next(queue).settle(outcome, soon());
      pass(step());
    }

    DeadLetters.Entry entry = onlyDead(queue);

    assertThat(entry.message()).isEqualTo(sent);
    assertThat(entry.reason()).contains("cause 3");
    assertThat(entry.attempts()).isEqualTo(3);
    assertThat(entry.origin()).isEqualTo(queue.name());
    assertThat(entry.firstFailure())
        .isBefore(entry.lastFailure())
        .isBetween(before.minus(CLOCK_SLACK), time().wallTime().plus(CLOCK_SLACK));
    staysEmpty(queue, visibility().multipliedBy(2));
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 1));
    assertThat(reopened(queue).deadLetters().list(10, soon())).hasSize(1);
  }

  @Test
  @Proves(value = "QUEUE-11", guarantee = "lease")
  void attemptsThatWereNeverSettledAreSpentToo() throws Exception {
    MessageQueue queue = queue(options().withAttemptsMax(2));
    Message sent = send(queue, "one");

    next(queue);
    next(queue);
    eventually("a dead letter", () -> poll(queue).isEmpty() && !dead(queue).isEmpty());

    DeadLetters.Entry entry = onlyDead(queue);
    assertThat(entry.message()).isEqualTo(sent);
    assertThat(entry.attempts()).isEqualTo(2);
    assertThat(entry.reason()).isNotBlank();
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 1));
  }

  @Test
  @Proves("QUEUE-12")
  void aDeadLetterIsSetAsideAtOnceWhateverItsAttempts() throws Exception {
    Message sent = send(queue(), "one");

    next(queue()).settle(new Outcome.DeadLetter("hopeless"), soon());

    DeadLetters.Entry entry = onlyDead(queue());
    assertThat(entry.message()).isEqualTo(sent);
    assertThat(entry.reason()).contains("hopeless");
    assertThat(entry.attempts()).isEqualTo(1);
    staysEmpty(queue(), visibility());
    assertThat(queue().depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 1));
  }

  @Test
  @Proves("QUEUE-13")
  void aCrashAtAnyStepOfSettingAsideLosesNothing() throws Exception {
    CrashPoints.forEach(() -> new SettingAside(freshName()));
  }

  /** A process that sets a message aside, and the one that runs after its death. */
  private final class SettingAside implements CrashPoints.Run {
    private final QueueOptions options = options().withVisibility(visibility().dividedBy(4));
    private final String name;
    private Optional<MessageId> id = Optional.empty();

    SettingAside(String name) {
      this.name = name;
    }

    @Override
    public void work(Observer observer) throws Exception {
      MortalProcess process = new MortalProcess(observer);
      MessageQueue queue = process.uses(handle(name, options, process));
      id = Optional.of(send(queue, "one").id());
      next(queue).settle(new Outcome.DeadLetter("hopeless"), soon());
    }

    @Override
    public void recover() throws Exception {
      MessageQueue queue = handle(name, options, Observer.none());
      if (id.isEmpty()) {
        return;
      }
      eventually(
          "the dead letter alone",
          () -> {
            Optional<Delivery> again = poll(queue);
            if (again.isPresent()) {
              again.get().settle(new Outcome.DeadLetter("hopeless"), soon());
            }
            MessageQueue.Depth depth = queue.depth(soon());
            return depth.dead() > 0 && depth.waiting() + depth.inFlight() == 0;
          });
      assertThat(dead(queue)).allMatch(each -> is(each, id.get()));
      assertThat(queue.deadLetters().discard(id.get(), soon())).isTrue();
      assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
    }
  }

  private static boolean is(DeadLetters.Entry entry, MessageId id) {
    return entry.message().id().equals(id);
  }

  @Test
  @Proves("QUEUE-14")
  void aRedrivenMessageHasItsIdAndAllItsAttemptsAgain() throws Exception {
    MessageQueue queue = queue(options().withAttemptsMax(2));
    Message sent = send(queue, strange());
    next(queue).settle(retry(Duration.ZERO), soon());
    next(queue).settle(retry(Duration.ZERO), soon());
    onlyDead(queue);

    assertThat(queue.deadLetters().redrive(sent.id(), soon()))
        .isEqualTo(DeadLetters.Redrive.REDRIVEN);

    assertThat(dead(queue)).isEmpty();
    Delivery third = next(queue);
    assertThat(third.message()).isEqualTo(sent);
    assertThat(third.attempt()).isGreaterThan(2);
    third.settle(retry(Duration.ZERO), soon());
    Delivery fourth = next(queue);
    assertThat(fourth.message()).isEqualTo(sent);
    fourth.settle(retry(Duration.ZERO), soon());
    onlyDead(queue);
  }

  @Test
  @Proves("QUEUE-14")
  void onlyAKnownDeadLetterThatIsYoungEnoughIsRedriven() throws Exception {
    Duration lifetime = visibility().multipliedBy(2);
    MessageQueue queue = queue(options().withLifetime(lifetime));
    assertThat(queue.deadLetters().redrive(new MessageId("nobody"), soon()))
        .isEqualTo(DeadLetters.Redrive.ABSENT);
    assertThat(queue.deadLetters().discard(new MessageId("nobody"), soon())).isFalse();
    Message sent = send(queue, "one");
    next(queue).settle(new Outcome.DeadLetter("hopeless"), soon());

    pass(lifetime.plus(step()));

    assertThat(queue.deadLetters().redrive(sent.id(), soon()))
        .isEqualTo(DeadLetters.Redrive.TOO_OLD);
    onlyDead(queue);
    assertThat(queue.deadLetters().discard(sent.id(), soon())).isTrue();
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
  }

  @Test
  @Proves("QUEUE-15")
  void anUndecodablePayloadIsSetAsideAsItCameAndLaterMessagesFlow() throws Exception {
    Journal journal = new Journal(time());
    Bytes raw = Bytes.owning(new byte[] {(byte) 0xff, 0, (byte) 0xfe});
    Message broken =
        send(
            queue(),
            new Message(
                message("").id(), Optional.empty(), Headers.empty(), raw, Optional.empty()));
    Message fine = send(queue(), "fine");
    Handler.OfValue<String> handler =
        (value, message, context) -> noting(journal).handle(message, context);

    consume(queue(), Handler.decoding(Codec.utf8(), handler));
    promptly("the message behind", () -> journal.has(fine.id()));
    promptly("the dead letter", () -> !dead(queue()).isEmpty());

    DeadLetters.Entry entry = onlyDead(queue());
    assertThat(entry.message().id()).isEqualTo(broken.id());
    assertThat(entry.message().payload()).isEqualTo(raw);
    assertThat(entry.attempts()).as("no attempt can help").isEqualTo(1);
    assertThat(entry.reason()).contains(MalformedDataException.Reason.MALFORMED.name());
    assertThat(journal.has(broken.id())).isFalse();
  }

  @Test
  @Proves("QUEUE-15")
  void anEnvelopeThatCannotBeReadIsSetAsideWithItsPayload() throws Exception {
    Message broken = send(queue(), strange());
    boolean damaged = damage(queue(), broken.id());
    Message fine = send(queue(), "fine");
    Journal journal = new Journal(time());

    consume(queue(), noting(journal));
    promptly("the message behind", () -> journal.has(fine.id()));

    if (damaged) {
      promptly("the dead letter", () -> !dead(queue()).isEmpty());
      assertThat(onlyDead(queue()).message().payload()).isEqualTo(broken.payload());
      assertThat(journal.has(broken.id())).isFalse();
    }
  }

  private Message strange() {
    return message("payload").withKey("k").withHeaders(Headers.of("h", "\u00fc"));
  }
}
