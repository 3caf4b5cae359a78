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
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.testkit.MortalProcess;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import dev.ashlar.messaging.topic.TopicGuarantees.Promise;
import dev.ashlar.messaging.topic.TopicOptions;
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
 */
public abstract class TopicFixture extends Contract {

  static final int WINDOW = 10;

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final List<MessageQueue> opened = new ArrayList<>();
  private final List<Bridge> bridges = new ArrayList<>();
  private final Map<String, SubscriptionRegistry> registries = new HashMap<>();

  /** For the contract. */
  TopicFixture() {}

  // What an adapter says.

  /**
   * Opens a handle on the queue of that name, and makes the queue if there is none; as for the
   * contract of queues. The name of a subscription's queue has dots in it, that of a topic's source
   * has none.
   */
  protected abstract MessageQueue open(String name, QueueOptions options, Observer observer)
      throws Exception;

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

  /** Returns the queue of a subscription as its bridge sends to it; overridden by twins only. */
  protected MessageQueue sentTo(MessageQueue queue) {
    return queue;
  }

  /** Returns the labels of what the subject's topic declares. */
  @Override
  protected final Set<String> guarantees() {
    try {
      return new Site(100, 100)
          .topic().guarantees().promises().stream().map(Promise::label).collect(Collectors.toSet());
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  // A topic and its processes.

  /** What is stored of one topic: queues and subscriptions, which processes come to. */
  final class Site {
    private final String name = "t" + IDS.text().substring(6);
    private final QueueOptions sourceOptions;
    private final QueueOptions queueOptions;
    private final Map<String, SwitchedQueue> queues = new HashMap<>();
    private Observer observer = Observer.none();
    private Optional<MessageQueue> watched = Optional.empty();

    Site(int sourceCapacity, int queueCapacity) {
      this.sourceOptions =
          QueueOptions.capacity(sourceCapacity).withVisibility(visibility()).withAttemptsMax(1000);
      this.queueOptions = QueueOptions.capacity(queueCapacity).withVisibility(visibility());
    }

    String name() {
      return name;
    }

    /** Returns what the test looks at the source through. */
    MessageQueue source() throws Exception {
      if (watched.isEmpty()) {
        watched = Optional.of(source(Observer.none()));
      }
      return watched.get();
    }

    MessageQueue source(Observer observer) throws Exception {
      MessageQueue source = open(name, sourceOptions, observer);
      opened.add(source);
      return source;
    }

    SubscriptionRegistry registry() throws Exception {
      SubscriptionRegistry there = registries.get(name);
      if (there == null) {
        there = TopicFixture.this.registry(name, term());
        registries.put(name, there);
      }
      return there;
    }

    /** Returns the queue of a subscription, as senders reach it. */
    synchronized SwitchedQueue queue(String queueName) {
      SwitchedQueue there = queues.get(queueName);
      if (there == null) {
        try {
          there = new SwitchedQueue(open(queueName, queueOptions, observer));
        } catch (Exception e) {
          throw new IllegalStateException("open: failed", e);
        }
        opened.add(there);
        queues.put(queueName, there);
      }
      return there;
    }

    MessageQueue reached(String queueName) {
      return sentTo(queue(queueName));
    }

    SwitchedQueue queueOf(String subscription) throws Exception {
      return queue(
          registry().all(soon()).stream()
              .filter(each -> each.name().equals(subscription))
              .findFirst()
              .orElseThrow()
              .queueName(name));
    }

    /** Returns what a process gets that lives as long as the test. */
    QueueTopic topic() throws Exception {
      return topic(new MortalProcess(Observer.none()), Observer.none());
    }

    /** Returns the same, with an observer of the topic and of every queue. */
    QueueTopic topic(Observer changed) throws Exception {
      observer = changed;
      return topic(new MortalProcess(changed), changed);
    }

    QueueTopic topic(MortalProcess process, Observer ofSource) throws Exception {
      TopicOptions options =
          TopicOptions.of(time(), process)
              .withWindow(WINDOW)
              .withRetry(step(), visibility().dividedBy(5))
              .withTryMax(visibility().dividedBy(5));
      return QueueTopic.of(
          process.uses(source(ofSource)), registry(), new SiteQueues(this, process), options);
    }
  }

  final Site site() {
    return new Site(1000, 1000);
  }

  final Bridge bridge(QueueTopic topic) {
    Bridge bridge = topic.startBridge();
    bridges.add(bridge);
    return bridge;
  }

  final void stop(Bridge bridge) throws Exception {
    Background<Boolean> closing = Background.start("close", () -> bridge.close(soon()));
    eventually("the end of the bridge", closing::isDone);
    assertThat(closing.result()).isTrue();
  }

  final MessageQueue subscribe(QueueTopic topic, String name) throws InterruptedException {
    return subscribe(topic, name, SubscriptionOptions.durable());
  }

  final MessageQueue subscribe(QueueTopic topic, String name, SubscriptionOptions options)
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

  private boolean closeAll() throws InterruptedException {
    for (Bridge bridge : bridges) {
      bridge.close(soon());
    }
    opened.forEach(MessageQueue::close);
    return true;
  }

  // Messages.

  static Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  final Message publish(QueueTopic topic, String text) throws InterruptedException {
    return publish(topic, message(text));
  }

  final Message publish(QueueTopic topic, Message message) throws InterruptedException {
    assertThat(topic.trySend(message, Duration.ZERO, soon())).isEqualTo(new SendResult.Accepted());
    return message;
  }

  final List<Message> publishAll(QueueTopic topic, String... texts) throws InterruptedException {
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
