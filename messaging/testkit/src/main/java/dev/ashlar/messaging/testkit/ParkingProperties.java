package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That nothing overtakes a dead letter of its key where the queue's options forbid it. */
abstract class ParkingProperties extends OrderProperties {

  private static final Outcome HOPELESS = new Outcome.DeadLetter("hopeless");

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void behindADeadLetterItsKeyIsParkedUntilItIsRedriven() throws Exception {
    MessageQueue queue = queue(parking(10));
    Message head = sendKeyed(queue, "a", "head");
    Message second = sendKeyed(queue, "a", "second");
    Message other = sendKeyed(queue, "b", "other");
    Delivery first = next(queue);
    assertThat(first.message()).isEqualTo(head);

    assertThat(first.settle(HOPELESS, soon())).isEqualTo(Settlement.APPLIED);
    Message third = sendKeyed(queue, "a", "third");

    assertThat(take(queue, 1)).containsExactly(other);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 1, 2));
    assertThat(onlyDead(queue).message()).isEqualTo(head);
    assertThat(queue.deadLetters().redrive(head.id(), soon()))
        .isEqualTo(DeadLetters.Redrive.REDRIVEN);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(3, 0, 0));
    assertThat(take(reopened(queue), 3)).containsExactly(head, second, third);
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void aDeadLetterThatIsDiscardedLetsItsKeyGoOnWithoutIt() throws Exception {
    MessageQueue queue = queue(parking(10));
    List<Message> sent = dieAt(queue, "head", "second", "third");

    assertThat(queue.deadLetters().discard(sent.get(0).id(), soon())).isTrue();

    assertThat(take(queue, 2)).containsExactly(sent.get(1), sent.get(2));
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 0));
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void aMessageThatDiesAgainAndAgainStillStandsBeforeThoseBehindIt() throws Exception {
    MessageQueue queue = queue(parking(10));
    List<Message> sent = dieAt(queue, "head", "second", "third");
    MessageId head = sent.get(0).id();
    for (int i = 0; i < 2; i++) {
      queue.deadLetters().redrive(head, soon());
      next(queue).settle(HOPELESS, soon());
      staysEmpty(queue, step());
    }

    queue.deadLetters().redrive(head, soon());

    assertThat(take(queue, 3)).isEqualTo(sent);
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void aMessageThatExpiresAtTheHeadOfItsKeyParksItToo() throws Exception {
    MessageQueue queue = queue(parking(10));
    Duration timeToLive = visibility().dividedBy(2);
    Message old = send(queue, message("old").withKey("a").withTimeToLive(timeToLive));
    Message behind = sendKeyed(queue, "a", "behind");
    pass(timeToLive.plus(step()));

    staysEmpty(queue, step());
    assertThat(onlyDead(queue).message()).isEqualTo(old);
    queue.deadLetters().discard(old.id(), soon());

    assertThat(take(queue, 1)).containsExactly(behind);
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void aFormerHolderOfADeadLetterCannotSettleItOnceItIsRedriven() throws Exception {
    MessageQueue queue = queue(parking(10));
    Message sent = sendKeyed(queue, "a", "head");
    Delivery former = next(queue);
    former.settle(HOPELESS, soon());
    queue.deadLetters().redrive(sent.id(), soon());
    Delivery holder = next(queue);

    assertThat(former.settle(Outcome.done(), soon())).isEqualTo(Settlement.STALE);
    assertThat(former.settle(retry(LONG), soon())).isEqualTo(Settlement.STALE);
    assertThat(former.renew(soon())).isEqualTo(Settlement.STALE);
    assertThat(former.release(soon())).isEqualTo(Settlement.STALE);
    assertThat(holder.attempt()).isEqualTo(2);
    assertThat(holder.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 0));
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void aKeyWithTooManyParkedRefusesMoreAndDropsNone() throws Exception {
    CountingObserver observer = new CountingObserver();
    MessageQueue queue = queue(parking(2), observer);
    List<Message> sent = dieAt(queue, "head", "second", "third", "fourth");
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 1, 3));

    assertRefused(queue, message("fifth").withKey("a"));

    assertThat(observer.count("queue.park.full")).isEqualTo(1);
    Message other = sendKeyed(queue, "b", "other");
    assertThat(take(queue, 1)).containsExactly(other);
    queue.deadLetters().redrive(sent.get(0).id(), soon());
    sent.add(sendKeyed(queue, "a", "sixth"));
    assertThat(take(queue, 5)).isEqualTo(sent);
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void ofABatchNothingIsAcceptedBehindWhatFoundTheParkFull() throws Exception {
    MessageQueue queue = queue(parking(1));
    List<Message> sent = dieAt(queue, "head");
    Message parked = message("parked").withKey("a");
    Message tooMany = message("too many").withKey("a");
    Message behind = message("behind").withKey("a");
    Message other = message("other").withKey("b");

    List<SendResult> results = queue.sendAll(List.of(parked, tooMany, behind, other), soon());

    assertThat(results.get(0)).isEqualTo(new SendResult.Accepted());
    assertThat(results.subList(1, 3)).allMatch(SendResult.Refused.class::isInstance);
    assertThat(results.get(3)).isEqualTo(new SendResult.Accepted());
    assertThat(take(queue, 1)).containsExactly(other);
    queue.deadLetters().redrive(sent.get(0).id(), soon());
    assertThat(take(queue, 2)).containsExactly(sent.get(0), parked);
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void withABoundOfZeroADeadKeyTakesNothing() throws Exception {
    MessageQueue queue = queue(parking(0));
    List<Message> sent = dieAt(queue, "head", "second");

    assertRefused(queue, message("third").withKey("a"));

    queue.deadLetters().discard(sent.get(0).id(), soon());
    assertThat(take(queue, 1)).containsExactly(sent.get(1));
    assertThat(take(queue, sendKeyed(queue, "a", "fourth"))).isTrue();
  }

  private boolean take(MessageQueue queue, Message expected) throws Exception {
    return take(queue, 1).equals(List.of(expected));
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void parkedMessagesAreBoundedByTheCapacity() throws Exception {
    QueueOptions tight = QueueOptions.capacity(3).withVisibility(visibility());
    MessageQueue queue = queue(tight.withDeadKey(DeadKey.park(3)));
    dieAt(queue, "head", "second", "third");

    Message fourth = message("fourth").withKey("b");
    Background<SendResult> sending =
        Background.start("send", () -> queue.trySend(fourth, Duration.ZERO, in(visibility())));

    assertThat(resultOf("a refusal", sending)).isInstanceOf(SendResult.Refused.class);
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void withoutBeingAskedToParkAKeyGoesOnBehindItsDeadLetter() throws Exception {
    List<Message> sent = dieAt(queue(), "head", "second");

    assertThat(queue().guarantees().has(Promise.KEY_PARKING)).isFalse();
    assertThat(take(queue(), 1)).containsExactly(sent.get(1));
  }

  @Test
  @Proves(value = "QUEUE-19", guarantee = "key-parking")
  void noCrashWhileAKeyDiesAndIsRedrivenLosesOrReordersItsMessages() throws Exception {
    CrashPoints.forEach(() -> new DyingAndRedriving(freshName()));
  }

  /** A process that sets a message aside and redrives it, and the one that goes on afterwards. */
  private final class DyingAndRedriving implements CrashPoints.Run {
    private final QueueOptions options = parking(10).withVisibility(visibility().dividedBy(4));
    private final String name;
    private final List<Message> confirmed = new ArrayList<>();

    DyingAndRedriving(String name) {
      this.name = name;
    }

    @Override
    public void work(Observer observer) throws Exception {
      MortalProcess process = new MortalProcess(observer);
      MessageQueue queue = process.uses(handle(name, options, process));
      for (String text : List.of("first", "second", "third")) {
        confirmed.add(sendKeyed(queue, "a", text));
      }
      next(queue).settle(HOPELESS, soon());
      queue.deadLetters().redrive(confirmed.get(0).id(), soon());
    }

    @Override
    public void recover() throws Exception {
      MessageQueue queue = handle(name, options, Observer.none());
      List<Message> handled = new ArrayList<>();
      eventually(
          "every confirmed message",
          () -> {
            for (DeadLetters.Entry each : dead(queue)) {
              queue.deadLetters().redrive(each.message().id(), soon());
            }
            Optional<Delivery> delivery = poll(queue);
            if (delivery.isPresent()) {
              done(delivery.get());
              handled.add(delivery.get().message());
            }
            Depth depth = queue.depth(soon());
            return depth.equals(new Depth(0, 0, 0)) && handled.containsAll(confirmed);
          });
      assertThat(handled.stream().distinct().toList()).containsAll(confirmed);
      assertThat(handled).as("each before the next").isEqualTo(inOrder(handled));
    }

    private List<Message> inOrder(List<Message> handled) {
      List<String> order = List.of("first", "second", "third");
      return handled.stream()
          .sorted(Comparator.comparing(message -> order.indexOf(message.payload().toUtf8())))
          .toList();
    }
  }

  /** Sends messages of one key, and lets the first one die. */
  private List<Message> dieAt(MessageQueue queue, String... texts) throws Exception {
    List<Message> sent = new ArrayList<>();
    for (String text : texts) {
      sent.add(sendKeyed(queue, "a", text));
    }
    next(queue).settle(HOPELESS, soon());
    return sent;
  }

  private void assertRefused(MessageQueue queue, Message message) throws InterruptedException {
    assertThat(queue.trySend(message, Duration.ZERO, soon()))
        .isInstanceOfSatisfying(
            SendResult.Refused.class,
            refused -> assertThat(refused.advice()).isInstanceOf(Advice.Overloaded.class));
  }
}
