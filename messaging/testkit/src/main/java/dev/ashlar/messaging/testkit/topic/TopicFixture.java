package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import dev.ashlar.messaging.topic.Topic;
import dev.ashlar.messaging.topic.TopicGuarantees.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/**
 * What an adapter tells the contract of topics about itself, and the words in which its tests are
 * written.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see TopicContract
 * @see LogTopicContract
 */
public abstract class TopicFixture extends Contract {

  static final int WINDOW = 10;

  /** How many messages a subscription has room for that is to have too little. */
  static final int ROOM = 2;

  static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Bridge> bridges = new ArrayList<>();
  private final Map<String, SubscriptionRegistry> registries = new HashMap<>();

  /** For the contract. */
  TopicFixture() {}

  // What an adapter says.

  /** Returns the clock by which the tests measure and wait. */
  protected abstract TimeSource time();

  /**
   * Returns the visibility of the queues under test: about a second for an engine with a real
   * clock, anything for one whose clock is moved by hand.
   */
  protected abstract Duration visibility();

  /** Lets time pass; a clock that is moved by hand is moved on. */
  protected void pass(Duration duration) throws InterruptedException {
    time().sleep(duration);
  }

  /**
   * Returns how long, in real time, a test waits for what must come before it fails; less only for
   * twins, which are expected to fail.
   */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /**
   * Makes the registry of a topic, once for each: its processes come and go. One in memory where
   * the engine brings none.
   *
   * @param term after how long a silence transient subscriptions end
   */
  protected SubscriptionRegistry registry(String topic, Duration term) throws Exception {
    return MemorySubscriptions.of(time(), term);
  }

  /**
   * Makes what is stored of one topic.
   *
   * @param backlog how many messages producers can publish beyond what is forwarded, where a bridge
   *     forwards them
   * @param room how many messages a subscription has room for; few of them, over a log
   */
  abstract TopicSite makeSite(int backlog, int room) throws Exception;

  /** Returns the labels of what the subject's topic declares. */
  @Override
  protected final Set<String> guarantees() {
    try {
      return makeSite(100, 100).topic().guarantees().promises().stream()
          .map(Promise::label)
          .collect(Collectors.toSet());
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  // A topic and its processes.

  final TopicSite site() throws Exception {
    return makeSite(1000, 1000);
  }

  /** Returns the registry of a topic, the same one for all its processes. */
  final SubscriptionRegistry registryOf(String topic) throws Exception {
    SubscriptionRegistry there = registries.get(topic);
    if (there == null) {
      there = registry(topic, term());
      registries.put(topic, there);
    }
    return there;
  }

  /** Keeps what is to be closed in the end. */
  final <T extends AutoCloseable> T closing(T open) {
    opened.add(open);
    return open;
  }

  /** Starts what brings messages to the subscriptions, where something must. */
  final Optional<Bridge> run(Topic topic) {
    return topic instanceof QueueTopic overQueues
        ? Optional.of(bridge(overQueues))
        : Optional.empty();
  }

  final Bridge bridge(QueueTopic topic) {
    Bridge bridge = topic.startBridge();
    bridges.add(bridge);
    return bridge;
  }

  final void stop(Optional<Bridge> bridge) throws Exception {
    if (bridge.isPresent()) {
      stop(bridge.get());
    }
  }

  final void stop(Bridge bridge) throws Exception {
    Background<Boolean> closing = Background.start("close", () -> bridge.close(soon()));
    eventually("the end of the bridge", closing::isDone);
    assertThat(closing.result()).isTrue();
  }

  final MessageQueue subscribe(Topic topic, String name) throws InterruptedException {
    return subscribe(topic, name, SubscriptionOptions.durable());
  }

  final MessageQueue subscribe(Topic topic, String name, SubscriptionOptions options)
      throws InterruptedException {
    return topic.subscribe(name, options, soon());
  }

  @AfterEach
  final void letGo() throws Exception {
    Background<Boolean> ending = Background.start("let go", this::closeAll);
    Deadline deadline = Deadline.after(Duration.ofSeconds(5), TimeSource.system());
    while (!ending.isDone() && !deadline.hasExpired()) {
      TimeSource.system().sleep(Duration.ofMillis(1));
      pass(step());
    }
  }

  private boolean closeAll() throws Exception {
    for (Bridge bridge : bridges) {
      bridge.close(soon());
    }
    for (AutoCloseable each : opened) {
      each.close();
    }
    return true;
  }

  // Messages.

  static Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  final Message publish(Topic topic, String text) throws InterruptedException {
    return publish(topic, message(text));
  }

  final Message publish(Topic topic, Message message) throws InterruptedException {
    assertThat(topic.trySend(message, Duration.ZERO, soon())).isEqualTo(new SendResult.Accepted());
    return message;
  }

  final List<Message> publishAll(Topic topic, String... texts) throws InterruptedException {
    List<Message> messages = Arrays.stream(texts).map(TopicFixture::message).toList();
    for (Message message : messages) {
      publish(topic, message);
    }
    return messages;
  }

  /** Takes what is there now, without waiting, and settles it. */
  final List<Message> takeNow(MessageQueue queue) throws InterruptedException {
    List<Message> taken = new ArrayList<>();
    for (Delivery delivery : queue.receive(MessageQueue.BATCH_MAX, atOnce())) {
      delivery.settle(Outcome.done(), soon());
      taken.add(delivery.message());
    }
    return taken;
  }

  /** Takes messages until all of these have come, and returns all that came, in order. */
  final List<Message> takeUntil(MessageQueue queue, List<Message> expected) throws Exception {
    List<Message> taken = new ArrayList<>();
    Set<MessageId> missing = expected.stream().map(Message::id).collect(Collectors.toSet());
    eventually(
        "all messages",
        () -> {
          List<Message> now = takeNow(queue);
          now.forEach(message -> missing.remove(message.id()));
          taken.addAll(now);
          return missing.isEmpty();
        });
    return taken;
  }

  /** Returns what came, without what came before, as an inbox does. */
  static List<Message> deduped(List<Message> messages) {
    Map<MessageId, Message> first = new LinkedHashMap<>();
    messages.forEach(message -> first.putIfAbsent(message.id(), message));
    return List.copyOf(first.values());
  }

  static List<String> texts(List<Message> messages) {
    return messages.stream().map(message -> message.payload().toUtf8()).toList();
  }

  final boolean isEmpty(MessageQueue queue) throws InterruptedException {
    MessageQueue.Depth depth = queue.depth(soon());
    return depth.waiting() == 0 && depth.inFlight() == 0;
  }

  /** Lets the bridge do what it is going to do with what is there. */
  final void settleDown(Duration span) throws InterruptedException {
    long start = time().nanos();
    while (time().nanos() - start < span.toNanos()) {
      TimeSource.system().sleep(Duration.ofMillis(2));
      pass(step());
    }
  }

  final ConsumerOptions consumerOptions() {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            IDS,
            time(),
            Observer.none());
    return ConsumerOptions.of("consumer", receiver, Seeds.random(Seeds.next()));
  }

  // Time.

  final Duration step() {
    return visibility().dividedBy(50);
  }

  final Duration term() {
    return visibility().multipliedBy(3);
  }

  final Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time());
  }

  final Deadline atOnce() {
    return Deadline.after(Duration.ZERO, time());
  }

  /** Waits for what threads do, and lets the subject's time pass meanwhile. */
  final void eventually(String what, Eventually.Check condition) throws Exception {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    boolean holds = condition.holds();
    while (!holds) {
      boolean last = patience.hasExpired();
      TimeSource.system().sleep(Duration.ofMillis(2));
      pass(step());
      holds = condition.holds();
      if (!holds && last) {
        throw new AssertionError(what + ": not within " + patience());
      }
    }
  }
}
