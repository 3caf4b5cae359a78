package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** That a full queue refuses, and that what is too old is not handled. */
abstract class CapacityProperties extends ParkingProperties {

  @Test
  @Proves("QUEUE-21")
  void aFullQueueBlocksUntilTheDeadlineAndStoresNothing() throws Exception {
    MessageQueue queue = full();
    Duration patience = visibility().dividedBy(2);
    Message tooMany = message("one too many");

    Background<Duration> sending =
        Background.start(
            "send",
            () -> {
              long start = time().nanos();
              assertFull(queue.trySend(tooMany, Duration.ZERO, in(patience)));
              return elapsedSince(start);
            });

    assertThat(resultOf("a refusal", sending)).isGreaterThanOrEqualTo(patience);
    BackendException thrown =
        resultOf("an error", Background.start("send", () -> failure(queue, tooMany, patience)));
    assertThat(thrown.effect()).isEqualTo(Effect.NONE);
    assertThat(thrown.advice()).isInstanceOf(Advice.Overloaded.class);
    assertThat(queue.depth(soon()).waiting()).isEqualTo(2);
    assertThat(take(queue, 2)).doesNotContain(tooMany);
  }

  private BackendException failure(MessageQueue queue, Message message, Duration patience)
      throws InterruptedException {
    try {
      queue.send(message, in(patience));
    } catch (BackendException e) {
      return e;
    }
    throw new AssertionError("sent into a full queue");
  }

  @Test
  @Proves("QUEUE-21")
  void roomLetsABlockedSenderGoOn() throws Exception {
    MessageQueue queue = full();
    Message waiting = message("waiting for room");

    Background<SendResult> sending =
        Background.start("send", () -> queue.trySend(waiting, Duration.ZERO, in(LONG)));
    for (int i = 0; i < 10; i++) {
      pass(step());
      assertThat(sending.isDone()).as("sent into a full queue").isFalse();
    }
    next(queue).settle(Outcome.done(), soon());

    assertThat(resultOf("acceptance", sending)).isEqualTo(new SendResult.Accepted());
    assertThat(take(queue, 2)).contains(waiting);
  }

  @Test
  @Proves("QUEUE-21")
  void deadLettersTakeUpRoom() throws Exception {
    MessageQueue queue = full();
    Delivery hopeless = next(queue);
    hopeless.settle(new Outcome.DeadLetter("hopeless"), soon());

    Background<SendResult> sending =
        Background.start(
            "send",
            () -> queue.trySend(message("more"), Duration.ZERO, in(visibility().dividedBy(2))));
    assertFull(resultOf("a refusal", sending));

    assertThat(queue.deadLetters().discard(hopeless.message().id(), soon())).isTrue();
    send(queue, "now there is room");
  }

  private MessageQueue full() throws Exception {
    MessageQueue queue = queue(QueueOptions.capacity(2).withVisibility(visibility()));
    send(queue, "first");
    send(queue, "second");
    return queue;
  }

  private static void assertFull(SendResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            SendResult.Refused.class,
            refused -> assertThat(refused.advice()).isInstanceOf(Advice.Overloaded.class));
  }

  @Test
  @Proves("QUEUE-22")
  void anExpiredMessageIsCountedAndSetAsideAndNeverHandled() throws Exception {
    CountingObserver observer = new CountingObserver();
    MessageQueue queue = queue(options(), observer);
    Duration timeToLive = visibility().dividedBy(2);
    Message old = send(queue, message("old").withTimeToLive(timeToLive));
    pass(timeToLive.plus(step()));
    Message fresh = send(queue, message("fresh").withTimeToLive(LONG));
    Journal journal = new Journal(time());

    consume(queue, noting(journal));
    promptly("the fresh message", () -> journal.has(fresh.id()));
    promptly("the dead letter", () -> !dead(queue).isEmpty());

    assertThat(onlyDead(queue).message().id()).isEqualTo(old.id());
    assertThat(onlyDead(queue).reason()).contains("expired");
    assertThat(observer.count("queue.expired")).isEqualTo(1);
    assertThat(journal.has(old.id())).isFalse();
  }

  @Test
  @Proves("QUEUE-22")
  void theLifetimeOfTheQueueExpiresMessagesThatAskForNone() throws Exception {
    Duration lifetime = visibility();
    MessageQueue queue = queue(options().withLifetime(lifetime));
    Message old = send(queue, "old");

    pass(lifetime.plus(step()));

    assertThat(poll(queue)).isEmpty();
    assertThat(onlyDead(queue).message().id()).isEqualTo(old.id());
    assertThat(onlyDead(queue).reason()).contains("expired");
  }

  @Test
  @Proves("QUEUE-22")
  void aMessageThatExpiresWhileItWaitsForAThreadIsNotHandled() throws Exception {
    MessageQueue queue = queue(options().withVisibility(LONG));
    Duration timeToLive = visibility().multipliedBy(4);
    send(queue, message("one").withTimeToLive(timeToLive));
    send(queue, message("other").withTimeToLive(timeToLive));
    Journal journal = new Journal(time());
    CountDownLatch expired = new CountDownLatch(1);
    CountingObserver observer = new CountingObserver();

    consume(
        queue,
        (message, context) -> {
          journal.add(message, context.attempt());
          awaitLatch(expired);
          return Outcome.done();
        },
        consumerOptions(observer).withConcurrency(1, 2));
    promptly("both in flight", () -> queue.depth(soon()).inFlight() == 2 && journal.size() == 1);
    pass(timeToLive);
    expired.countDown();

    promptly("the dead letter", () -> !dead(queue).isEmpty());
    assertThat(onlyDead(queue).reason()).contains("expired");
    assertThat(observer.count("consumer.expired")).isEqualTo(1);
    assertThat(journal.ids()).hasSize(1).doesNotContain(onlyDead(queue).message().id());
  }
}
