package dev.ashlar.messaging.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.ExclusiveRight;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.topic.TopicGuarantees.Coupling;
import dev.ashlar.messaging.topic.TopicGuarantees.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The example of a topic, what it promises as data, and what it refuses. */
class QueueTopicTest {

  private final TimeSource time = TimeSource.system();
  private final QueueOptions bounds = QueueOptions.capacity(100);
  private final MessageQueue source = MemoryQueue.of("orders", bounds, time, Observer.none());
  private final SubscriptionRegistry registry = MemorySubscriptions.of(time);
  private final SubscriberQueues queues = SubscriberQueues.inMemory(bounds, time, Observer.none());
  private final TopicOptions options = TopicOptions.of(time, Observer.none());
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(20), time);
  private final Message message = Message.of(new MessageId("m-1"), Bytes.utf8("one"));

  @Test
  void aMessageGoesThroughTheBridge() throws InterruptedException {
    // [doc:QueueTopic]
    QueueTopic topic = QueueTopic.of(source, registry, queues, options);
    MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    Bridge bridge = topic.startBridge();
    topic.send(message, deadline);
    List<Delivery> deliveries = invoices.receive(10, deadline);
    // [/doc]

    assertThat(deliveries).extracting(Delivery::message).containsExactly(message);
    assertThat(bridge.close(deadline)).isTrue();
    assertThat(bridge.isRunning()).isFalse();
    assertThat(bridge.failure()).isEmpty();
  }

  @Test
  void aBridgeEndsWithItsRight() throws InterruptedException {
    AtomicBoolean held = new AtomicBoolean(true);
    ExclusiveRight right =
        new ExclusiveRight() {
          @Override
          public FencingToken token() {
            return new FencingToken(1);
          }

          @Override
          public boolean stillHeld() {
            return held.get();
          }
        };
    QueueTopic topic = QueueTopic.of(source, registry, queues, options);
    MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    Bridge bridge = topic.startBridge(right);
    topic.send(message, deadline);
    assertThat(invoices.receive(1, deadline)).hasSize(1);

    held.set(false);
    while (bridge.isRunning() && !deadline.hasExpired()) {
      time.sleep(Duration.ofMillis(5));
    }

    assertThat(bridge.isRunning()).isFalse();
    topic.send(Message.of(new MessageId("m-2"), Bytes.utf8("two")), deadline);
    assertThat(source.depth(deadline).waiting()).isEqualTo(1);
  }

  @Test
  void whatATopicPromisesComesFromItsSource() {
    TopicGuarantees guarantees = QueueTopic.of(source, registry, queues, options).guarantees();

    assertThat(guarantees.promises())
        .containsOnly(Promise.DURABLE, Promise.KEY_ORDER, Promise.BRIDGE);
    assertThat(guarantees.confirmed()).isEqualTo(source.guarantees().confirmed());
    assertThat(guarantees.coupling())
        .isEqualTo(new Coupling(99, 100, Duration.ofSeconds(1), Duration.ofMillis(100)));
    TopicGuarantees less =
        new TopicGuarantees(Set.of(), guarantees.confirmed(), guarantees.coupling());
    assertThatIllegalStateException()
        .isThrownBy(() -> less.require(Promise.KEY_ORDER, Promise.DURABLE))
        .withMessage("guarantees: without durable, key-order (expected: with)");
  }

  @Test
  void anInboxBehindASubscriptionMustRememberTheTimeInTheSourceToo() throws InterruptedException {
    MessageQueue invoices =
        QueueTopic.of(source, registry, queues, options)
            .subscribe("invoices", SubscriptionOptions.durable(), deadline);

    assertThat(invoices.guarantees().redeliveryHorizon())
        .isEqualTo(bounds.lifetime().multipliedBy(2));
  }

  @Test
  void aSubscriptionMustTakeWhatTheSourceTakes() throws InterruptedException {
    SubscriberQueues small =
        SubscriberQueues.inMemory(bounds.withPayloadMaxBytes(10), time, Observer.none());
    QueueTopic topic = QueueTopic.of(source, registry, small, options);

    assertThatIllegalStateException()
        .isThrownBy(() -> topic.subscribe("small", SubscriptionOptions.durable(), deadline))
        .withMessage("payloadMaxBytes: 10 (expected: at least the source's, 262144)");
    assertThat(topic.subscriptions(deadline)).isEmpty();
  }

  @Test
  void aMemberThatHasClosedTakesNothingFromTheOthers() throws InterruptedException {
    QueueTopic topic = QueueTopic.of(source, registry, queues, options);
    MessageQueue one = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    MessageQueue other = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    one.close();

    try (Bridge bridge = topic.startBridge()) {
      topic.send(message, deadline);
      assertThat(other.receive(1, deadline)).hasSize(1);
      assertThat(bridge.isRunning()).isTrue();
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> one.receive(1, deadline))
        .withMessage("subscription invoices: closed (expected: open)");
  }

  @Test
  void namesAreShortEnoughForTheNameOfAQueue() throws InterruptedException {
    String longest = "n".repeat(Subscription.NAME_MAX);
    Subscription there =
        new Subscription(
            longest, Long.MAX_VALUE, SubscriptionOptions.durable(), Subscription.State.ATTACHED);
    assertThat(there.queueName(longest)).hasSizeLessThanOrEqualTo(64);

    QueueTopic topic = QueueTopic.of(source, registry, queues, options);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> topic.subscribe(longest + "n", SubscriptionOptions.durable(), deadline))
        .withMessage("name: 25 characters (expected: 1 to 24 of A-Z a-z 0-9 . _ -)");
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withWindow(0))
        .withMessage("window: 0 (expected: 1 to 1000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withExchangeMax(Duration.ZERO))
        .withMessage("exchangeMax: PT0S (expected: above 0, to PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemorySubscriptions.of(time, Duration.ZERO))
        .withMessage("term: PT0S (expected: above 0, to PT24H)");
  }
}
