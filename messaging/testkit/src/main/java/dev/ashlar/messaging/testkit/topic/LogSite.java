package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.testkit.MortalProcess;
import dev.ashlar.messaging.topic.LogTopic;
import dev.ashlar.messaging.topic.LogTopicOptions;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A topic over a log as it is stored: the log, which keeps little where there is to be no room. */
final class LogSite extends TopicSite {

  private static final int PAYLOAD_MAX = 2000;

  /** A log may count up to this beside each payload. */
  private static final int BESIDE = 200;

  private final LogTopicContract contract;
  private final LogOptions options;

  LogSite(LogTopicContract contract, int room) {
    super(contract);
    this.contract = contract;
    LogOptions all = LogOptions.partitions(2);
    this.options =
        room > TopicFixture.ROOM
            ? all
            : all.withPayloadMaxBytes(PAYLOAD_MAX)
                .withRetention(all.retention(), (long) room * (PAYLOAD_MAX + BESIDE));
  }

  @Override
  LogTopic topic() throws Exception {
    return topic(Observer.none());
  }

  @Override
  LogTopic topic(Observer changed) throws Exception {
    return topic(changed, changed);
  }

  @Override
  LogTopic topic(MortalProcess process) throws Exception {
    return topic(process, Observer.none());
  }

  private LogTopic topic(Observer observer, Observer ofLog) throws Exception {
    return LogTopic.of(
        contract.closing(contract.open(name, options, ofLog)),
        registry(),
        LogTopicOptions.of(contract.time(), observer).withVisibility(contract.visibility()));
  }

  /** What is published is where subscriptions read it. */
  @Override
  boolean isForwarded() {
    return true;
  }

  /** The process has a member of each subscription, which receives and settles. */
  @Override
  void carry(Observer crash, Map<String, List<Message>> arrived) throws Exception {
    MortalProcess process = new MortalProcess(crash);
    LogTopic topic = topic(process);
    for (Map.Entry<String, List<Message>> each : arrived.entrySet()) {
      MessageQueue queue =
          process.uses(
              topic.subscribe(each.getKey(), SubscriptionOptions.durable(), contract.soon()));
      contract.eventually(
          "all messages",
          () -> {
            for (Delivery delivery : queue.receive(MessageQueue.BATCH_MAX, contract.atOnce())) {
              each.getValue().add(delivery.message());
              delivery.settle(Outcome.done(), contract.soon());
            }
            return contract.isEmpty(queue);
          });
    }
  }

  /** A member that receives, and settles the first or nothing. */
  @Override
  void comeAndGo(String subscription, int round) throws Exception {
    MessageQueue member =
        topic().subscribe(subscription, SubscriptionOptions.durable(), contract.soon());
    List<Delivery> held = new ArrayList<>();
    contract.eventually(
        "something", () -> held.addAll(member.receive(MessageQueue.BATCH_MAX, contract.atOnce())));
    if (round % 2 == 0) {
      contract.settleDown(contract.visibility().multipliedBy(2));
    }
    member.close();
  }

  @Override
  List<Message> overtake(Topic topic, MessageQueue other) throws Exception {
    List<Message> published = new ArrayList<>();
    String big = "x".repeat(PAYLOAD_MAX);
    for (int i = 0; i < 8 * TopicFixture.ROOM; i++) {
      Message message =
          contract.publish(topic, Message.of(MessageId.next(TopicFixture.IDS), Bytes.utf8(big)));
      published.add(message);
      contract.takeUntil(other, List.of(message));
    }
    return published;
  }
}
