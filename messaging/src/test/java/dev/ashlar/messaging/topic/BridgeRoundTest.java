package dev.ashlar.messaging.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Rounds of a bridge beside queues, sources and registries that behave badly. */
class BridgeRoundTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(3);

  private final ManualTime time = ManualTime.create();
  private final CountingObserver observer = new CountingObserver();
  private final QueueOptions bounds =
      QueueOptions.capacity(1000).withVisibility(VISIBILITY).withAttemptsMax(100);
  private final MessageQueue source = MemoryQueue.of("orders", bounds, time, Observer.none());
  private final MemorySubscriptions registry = MemorySubscriptions.of(time);
  private final Map<String, MessageQueue> queues = new HashMap<>();
  private final TopicOptions options = TopicOptions.of(time, observer);
  private Function<String, MessageQueue> opening =
      name -> MemoryQueue.of(name, bounds, time, Observer.none());
  private boolean dropFails;

  private final SubscriberQueues all =
      new SubscriberQueues() {
        @Override
        public MessageQueue open(String name) {
          return queues.computeIfAbsent(name, opening);
        }

        @Override
        public void drop(String name, Deadline deadline) {
          if (dropFails) {
            throw new IllegalArgumentException("drop: refused");
          }
          queues.remove(name);
        }
      };

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private Deadline atOnce() {
    return Deadline.after(Duration.ZERO, time);
  }

  private BridgeRound round(MessageQueue from) {
    return new BridgeRound(new QueueTopic.Parts(new Prompt(from), registry, all, options));
  }

  /** Waits for messages in the time that is moved by hand, by moving it. */
  private final class Prompt extends Passing {

    Prompt(MessageQueue inner) {
      super(inner);
    }

    @Override
    public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
      List<Delivery> due = super.receive(most, atOnce());
      if (due.isEmpty()) {
        time.advance(deadline.remaining());
      }
      return due;
    }

    @Override
    public List<Settlement> settleAll(List<Delivery> deliveries, Outcome outcome, Deadline deadline)
        throws InterruptedException {
      return inner.settleAll(deliveries, outcome, deadline);
    }
  }

  private void publish(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      source.send(Message.of(new MessageId("m-" + i), Bytes.utf8("" + i)), soon());
    }
  }

  private String subscribe(String name) {
    return registry.add(name, SubscriptionOptions.durable(), soon()).queueName("orders");
  }

  /** A queue that passes on what is not overridden. */
  private static class Passing implements MessageQueue {
    final MessageQueue inner;

    Passing(MessageQueue inner) {
      this.inner = inner;
    }

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public Guarantees guarantees() {
      return inner.guarantees();
    }

    @Override
    public QueueOptions options() {
      return inner.options();
    }

    @Override
    public SendResult trySend(Message message, Duration delay, Deadline deadline)
        throws InterruptedException {
      return inner.trySend(message, delay, deadline);
    }

    @Override
    public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
        throws InterruptedException {
      return inner.sendAll(messages, deadline);
    }

    @Override
    public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
      return inner.receive(most, deadline);
    }

    @Override
    public DeadLetters deadLetters() {
      return inner.deadLetters();
    }

    @Override
    public Depth depth(Deadline deadline) throws InterruptedException {
      return inner.depth(deadline);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /** A queue that does not answer, each time for as long as it may take. */
  private MessageQueue silent(MessageQueue inner) {
    return new Passing(inner) {
      @Override
      public List<SendResult> sendAll(List<Message> messages, Deadline deadline) {
        time.advance(deadline.remaining());
        BackendException cause =
            new BackendException("silent", Effect.UNKNOWN, new Advice.Transient(), null);
        return messages.stream().<SendResult>map(each -> new SendResult.Unknown(cause)).toList();
      }
    };
  }

  @Test
  void manyQueuesThatDoNotAnswerDoNotCostTheMessagesTheirVisibility() throws Exception {
    opening = name -> silent(MemoryQueue.of(name, bounds, time, Observer.none()));
    for (int i = 0; i < 50; i++) {
      subscribe("silent-" + i);
    }
    publish(3);
    BridgeRound round = round(source);
    long start = time.nanos();

    round.run(() -> false);

    assertThat(time.nanos() - start).isGreaterThan(VISIBILITY.toNanos());
    assertThat(source.receive(10, atOnce())).as("delivered again").isEmpty();
    assertThat(observer.count("topic.stale")).isZero();
  }

  @Test
  void aRoundEndsBetweenTwoQueuesWhenTheBridgeCloses() throws Exception {
    List<String> asked = new ArrayList<>();
    opening =
        name ->
            new Passing(MemoryQueue.of(name, bounds, time, Observer.none())) {
              @Override
              public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
                  throws InterruptedException {
                asked.add(name);
                return super.sendAll(messages, deadline);
              }
            };
    for (int i = 0; i < 5; i++) {
      subscribe("s-" + i);
    }
    publish(1);
    BridgeRound round = round(source);

    round.run(() -> asked.size() == 2);
    assertThat(asked).hasSize(2);
    assertThat(source.depth(soon()).inFlight()).isEqualTo(1);

    round.end();
    assertThat(source.depth(soon()).waiting()).isEqualTo(1);
  }

  @Test
  void aQueueThatCannotBeOpenedKeepsNothingFromTheOthers() throws Exception {
    String broken = subscribe("broken");
    String fine = subscribe("fine");
    opening =
        name -> {
          if (name.equals(broken)) {
            throw new IllegalArgumentException("payloadMaxBytes: 7 (expected: less)");
          }
          return MemoryQueue.of(name, bounds, time, Observer.none());
        };
    publish(1);
    BridgeRound round = round(source);

    round.run(() -> false);

    assertThat(all.open(fine).depth(soon()).waiting()).isEqualTo(1);
    assertThat(source.depth(soon()).inFlight()).as("not settled").isEqualTo(1);
    assertThat(observer.count("topic.queue.failed")).isEqualTo(1);
  }

  @Test
  void aQueueThatCannotBeDroppedStopsNothing() throws Exception {
    String gone = subscribe("gone");
    publish(1);
    BridgeRound round = round(source);
    round.run(() -> false);
    assertThat(all.open(gone).depth(soon()).waiting()).isEqualTo(1);
    registry.remove(registry.all(soon()).get(0), soon());
    dropFails = true;
    String fine = subscribe("fine");
    publish(1);

    round.run(() -> false);

    assertThat(all.open(fine).depth(soon()).waiting()).isEqualTo(1);
    assertThat(observer.count("topic.drop.failed")).isEqualTo(1);
  }

  /** A source that answers no settlement and no renewal. */
  private static final class Deaf extends Passing {
    int exchanges;

    Deaf(MessageQueue inner) {
      super(inner);
    }

    private BackendException silence() {
      exchanges++;
      return new BackendException("silent", Effect.UNKNOWN, new Advice.Transient(), null);
    }

    @Override
    public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
      return super.receive(most, deadline).stream().<Delivery>map(Held::new).toList();
    }

    @Override
    public List<Settlement> settleAll(
        List<Delivery> deliveries, Outcome outcome, Deadline deadline) {
      throw silence();
    }

    private final class Held implements Delivery {
      private final Delivery delivery;

      Held(Delivery delivery) {
        this.delivery = delivery;
      }

      @Override
      public Message message() {
        return delivery.message();
      }

      @Override
      public int attempt() {
        return delivery.attempt();
      }

      @Override
      public Optional<Duration> timeToLive() {
        return delivery.timeToLive();
      }

      @Override
      public Settlement settle(Outcome outcome, Deadline deadline) {
        throw silence();
      }

      @Override
      public Settlement release(Deadline deadline) throws InterruptedException {
        return delivery.release(deadline);
      }

      @Override
      public Settlement renew(Deadline deadline) {
        throw silence();
      }
    }
  }

  @Test
  void aSourceThatDoesNotAnswerIsAskedOnceInARound() throws Exception {
    subscribe("one");
    publish(20);
    Deaf deaf = new Deaf(source);
    BridgeRound round = round(deaf);
    round.run(() -> false);
    assertThat(deaf.exchanges).as("one settlement of all").isEqualTo(1);

    time.advance(VISIBILITY.dividedBy(2));
    round.run(() -> false);

    assertThat(deaf.exchanges).as("another one, and one renewal").isEqualTo(3);
    assertThat(observer.count("topic.settle.failed")).isEqualTo(2);
    assertThat(observer.count("topic.renew.failed")).isEqualTo(1);
  }

  @Test
  void whoCannotJoinASubscriptionDoesNotEndIt() throws Exception {
    QueueTopic topic = QueueTopic.of(source, registry, all, options);
    topic.subscribe("invoices", SubscriptionOptions.durable(), soon());
    String name = registry.all(soon()).get(0).queueName("orders");
    queues.put(name, MemoryQueue.of(name, bounds.withPayloadMaxBytes(10), time, Observer.none()));

    assertThatIllegalStateException()
        .isThrownBy(() -> topic.subscribe("invoices", SubscriptionOptions.durable(), soon()))
        .withMessageStartingWith("payloadMaxBytes: 10");

    assertThat(topic.subscriptions(soon())).extracting(Subscription::name).containsOnly("invoices");
  }

  @Test
  void membersSettleManyAtOnceAndThatIsASignOfLife() throws Exception {
    QueueTopic topic = QueueTopic.of(source, registry, all, options);
    MessageQueue member = topic.subscribe("passing", SubscriptionOptions.whileUsed(), soon());
    publish(3);
    round(source).run(() -> false);
    List<Delivery> deliveries = member.receive(10, atOnce());
    assertThat(deliveries).hasSize(3);
    time.advance(registry.term().dividedBy(2));

    assertThat(member.settleAll(deliveries, Outcome.done(), soon())).hasSize(3);

    time.advance(registry.term().multipliedBy(3).dividedBy(4));
    assertThat(topic.subscriptions(soon())).hasSize(1);
  }
}
