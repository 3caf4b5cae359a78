package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That every subscription gets what is published, as it was published. */
abstract class FanOutProperties extends TopicFixture {

  @Test
  @Proves("TOPIC-1")
  void everySubscriptionGetsEveryMessage() throws Exception {
    Topic topic = site().topic();
    List<MessageQueue> subscriptions =
        List.of(subscribe(topic, "one"), subscribe(topic, "two"), subscribe(topic, "three"));
    run(topic);

    List<Message> published = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Message message = message("m" + i);
      published.add(publish(topic, i % 3 == 0 ? message : message.withKey("k" + i % 3)));
    }

    for (MessageQueue each : subscriptions) {
      assertThat(deduped(takeUntil(each, published)))
          .containsExactlyInAnyOrderElementsOf(published);
    }
  }

  @Test
  @Proves("TOPIC-1")
  void whatIsPublishedInABatchIsAnsweredForEachAndComesToAll() throws Exception {
    Topic topic = site().topic();
    MessageQueue one = subscribe(topic, "one");
    MessageQueue two = subscribe(topic, "two");
    run(topic);
    List<Message> batch = List.of(message("a"), message("b"), message("c"));

    assertThat(topic.sendAll(batch, soon())).hasSize(3).containsOnly(new SendResult.Accepted());

    assertThat(deduped(takeUntil(one, batch))).containsExactlyInAnyOrderElementsOf(batch);
    assertThat(deduped(takeUntil(two, batch))).containsExactlyInAnyOrderElementsOf(batch);
  }

  @Test
  @Proves("TOPIC-1")
  void aMessageThatNobodySubscribedToIsSettledAndComesToNobodyLater() throws Exception {
    TopicSite site = site();
    Topic topic = site.topic();
    run(topic);
    publish(topic, "to nobody");
    eventually("the end of forwarding", site::isForwarded);

    MessageQueue late = subscribe(topic, "late");
    Message next = publish(topic, "next");

    assertThat(takeUntil(late, List.of(next))).containsExactly(next);
  }

  @Test
  @Proves("TOPIC-7")
  void membersOfOneSubscriptionShareItsMessages() throws Exception {
    TopicSite site = site();
    Topic topic = site.topic();
    MessageQueue one = subscribe(topic, "shared");
    MessageQueue other = subscribe(site.topic(), "shared");
    run(topic);
    for (int i = 0; i < 5; i++) {
      // Who has not asked yet has no share.
      assertThat(takeNow(one)).isEmpty();
      assertThat(takeNow(other)).isEmpty();
    }
    publishAll(topic, "a", "b", "c", "d");

    List<Delivery> held = new ArrayList<>();
    eventually(
        "all messages",
        () -> {
          held.addAll(one.receive(1, atOnce()));
          held.addAll(other.receive(1, atOnce()));
          for (Delivery each : held) {
            each.renew(soon());
          }
          return held.size() >= 4;
        });
    for (Delivery each : held) {
      each.settle(Outcome.done(), soon());
    }

    assertThat(held.stream().map(each -> each.message().payload().toUtf8()))
        .containsExactlyInAnyOrder("a", "b", "c", "d");
    settleDown(visibility());
    assertThat(takeNow(one)).isEmpty();
    assertThat(takeNow(other)).isEmpty();
  }

  @Test
  @Proves("TOPIC-7")
  void consumersOfOneSubscriptionHandleEachMessageOnceAndThoseOfAnotherAgain() throws Exception {
    Topic topic = site().topic();
    Collection<MessageId> shared = new ConcurrentLinkedQueue<>();
    Collection<MessageId> other = new ConcurrentLinkedQueue<>();
    List<MessageId> published;
    try (Consumer one = consume(subscribe(topic, "shared"), shared);
        Consumer two = consume(subscribe(topic, "shared"), shared);
        Consumer three = consume(subscribe(topic, "other"), other)) {
      run(topic);
      published =
          publishAll(topic, "a", "b", "c", "d", "e", "f").stream().map(Message::id).toList();
      eventually("all handled", () -> shared.size() >= 6 && other.size() >= 6);
      assertThat(List.of(one.state(), two.state(), three.state()))
          .containsOnly(Consumer.State.RUNNING);
    }

    assertThat(shared).containsExactlyInAnyOrderElementsOf(published);
    assertThat(other).containsExactlyInAnyOrderElementsOf(published);
  }

  private Consumer consume(MessageQueue queue, Collection<MessageId> handled) {
    return Consumer.start(
        queue,
        (message, context) -> {
          handled.add(message.id());
          return Outcome.done();
        },
        consumerOptions());
  }

  @Test
  @Proves("TOPIC-7")
  void aSubscriptionTakesNothingFromAnother() throws Exception {
    Topic topic = site().topic();
    MessageQueue one = subscribe(topic, "one");
    MessageQueue other = subscribe(topic, "other");
    run(topic);
    List<Message> published = publishAll(topic, "a", "b", "c", "d");

    assertThat(deduped(takeUntil(one, published))).hasSize(4);
    assertThat(deduped(takeUntil(other, published))).hasSize(4);
  }

  @Test
  @Proves("TOPIC-10")
  void whatWasPublishedIsWhatArrivesAndItWasHandedOverOnce() throws Exception {
    TopicSite site = site();
    AtomicInteger handedOver = new AtomicInteger();
    Topic topic = site.topic(new Producers(handedOver));
    MessageQueue one = subscribe(topic, "one");
    MessageQueue two = subscribe(topic, "two");
    run(topic);
    CallContext request = CallContext.root(IdSource.system(), soon(), "test");
    Headers own = Headers.of("Empty", "").plus("Own", "zw\u00f6lf");
    Message message = message("one").withKey("k").withHeaders(own);

    request.call(() -> publish(topic, message));

    Message expected = message.withHeaders(request.storedInto(own).with("Mark", "1"));
    assertThat(takeUntil(one, List.of(message))).containsExactly(expected);
    assertThat(takeUntil(two, List.of(message))).containsExactly(expected);
    assertThat(handedOver).hasValue(1);
  }

  /** Counts producers, and marks what they send. */
  private record Producers(AtomicInteger count) implements Observer {
    @Override
    public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
        throws X {
      return operation.kind() == Operation.Kind.PRODUCER
          ? body.run(out.with("Mark", "" + count.incrementAndGet()))
          : body.run(out);
    }
  }

  @Test
  @Proves("TOPIC-10")
  void theTimeInTheSourceCountsAgainstTheTimeToLive() throws Exception {
    Topic topic = site().topic();
    MessageQueue one = subscribe(topic, "one");
    Duration whole = visibility().multipliedBy(10);
    Duration waited = visibility().multipliedBy(4);
    Message mortal = publish(topic, message("mortal").withTimeToLive(whole));
    settleDown(waited);
    run(topic);

    List<Delivery> come = new ArrayList<>();
    eventually("the message", () -> come.addAll(one.receive(1, atOnce())));

    assertThat(come.get(0).message().id()).isEqualTo(mortal.id());
    Optional<Duration> left = come.get(0).timeToLive();
    assertThat(left).isPresent();
    assertThat(left.orElseThrow()).isLessThanOrEqualTo(whole.minus(waited).plusMillis(20));
  }
}
