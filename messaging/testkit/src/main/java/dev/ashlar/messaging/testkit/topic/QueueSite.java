package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.MortalProcess;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.Topic;
import dev.ashlar.messaging.topic.TopicOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A topic over queues as it is stored: its source, and a queue for each subscription. */
final class QueueSite extends TopicSite {

  private final TopicContract contract;
  private final QueueOptions sourceOptions;
  private final QueueOptions queueOptions;
  private final Map<String, SwitchedQueue> queues = new HashMap<>();
  private Observer observer = Observer.none();
  private Optional<MessageQueue> watched = Optional.empty();

  QueueSite(TopicContract contract, int backlog, int room) {
    super(contract);
    this.contract = contract;
    this.sourceOptions =
        QueueOptions.capacity(backlog).withVisibility(contract.visibility()).withAttemptsMax(1000);
    this.queueOptions = QueueOptions.capacity(room).withVisibility(contract.visibility());
  }

  @Override
  QueueSite bridged() {
    return this;
  }

  /** Returns what the test looks at the source through. */
  MessageQueue source() throws Exception {
    if (watched.isEmpty()) {
      watched = Optional.of(source(Observer.none()));
    }
    return watched.get();
  }

  private MessageQueue source(Observer ofSource) throws Exception {
    return contract.closing(contract.open(name, sourceOptions, ofSource));
  }

  /** Returns the queue of a subscription, as senders reach it. */
  synchronized SwitchedQueue queue(String queueName) {
    SwitchedQueue there = queues.get(queueName);
    if (there == null) {
      try {
        there = new SwitchedQueue(contract.open(queueName, queueOptions, observer));
      } catch (Exception e) {
        throw new IllegalStateException("open: failed", e);
      }
      contract.closing(there);
      queues.put(queueName, there);
    }
    return there;
  }

  MessageQueue reached(String queueName) {
    return contract.sentTo(queue(queueName));
  }

  SwitchedQueue queueOf(String subscription) throws Exception {
    return queue(
        registry().all(fixture.soon()).stream()
            .filter(each -> each.name().equals(subscription))
            .findFirst()
            .orElseThrow()
            .queueName(name));
  }

  @Override
  QueueTopic topic() throws Exception {
    return topic(new MortalProcess(Observer.none()), Observer.none());
  }

  @Override
  QueueTopic topic(Observer changed) throws Exception {
    observer = changed;
    return topic(new MortalProcess(changed), changed);
  }

  @Override
  QueueTopic topic(MortalProcess process) throws Exception {
    return topic(process, Observer.none());
  }

  private QueueTopic topic(MortalProcess process, Observer ofSource) throws Exception {
    TopicOptions options =
        TopicOptions.of(contract.time(), process)
            .withWindow(TopicFixture.WINDOW)
            .withRetry(contract.step(), contract.visibility().dividedBy(5))
            .withTryMax(contract.visibility().dividedBy(5));
    return QueueTopic.of(
        process.uses(source(ofSource)), registry(), new SiteQueues(this, process), options);
  }

  @Override
  boolean isForwarded() throws Exception {
    return contract.isEmpty(source());
  }

  /** The process is a bridge; nobody receives meanwhile. */
  @Override
  void carry(Observer crash, Map<String, List<Message>> arrived) throws Exception {
    MortalProcess process = new MortalProcess(crash);
    Bridge bridge = contract.bridge(topic(process));
    MessageQueue source = source();
    Eventually.holds(
        "the end of the work, or of the process",
        contract.patience(),
        () -> process.isDead() || contract.isEmpty(source));
    contract.stop(bridge);
  }

  /** A bridge whose answers from the subscription's queue are lost every other time. */
  @Override
  void comeAndGo(String subscription, int round) throws Exception {
    queueOf(subscription)
        .set(round % 2 == 0 ? SwitchedQueue.Mode.LOSING_ANSWERS : SwitchedQueue.Mode.UP);
    Bridge bridge = contract.bridge(topic());
    contract.settleDown(contract.visibility());
    contract.stop(bridge);
    queueOf(subscription).set(SwitchedQueue.Mode.UP);
  }

  @Override
  List<Message> overtake(Topic topic, MessageQueue other) throws Exception {
    List<Message> published = new ArrayList<>();
    for (int i = 0; i < TopicFixture.ROOM + 3; i++) {
      Message message = contract.publish(topic, "m" + i);
      published.add(message);
      contract.takeUntil(other, List.of(message));
    }
    return published;
  }
}
