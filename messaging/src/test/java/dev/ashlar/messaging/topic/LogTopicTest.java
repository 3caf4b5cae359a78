package dev.ashlar.messaging.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.topic.SubscriptionOptions.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A topic over a log, as a user of queues sees it. */
class LogTopicTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(1);
  private static final Duration TERM = Duration.ofSeconds(3);
  private static final Duration RETENTION = Duration.ofMinutes(1);

  private final ManualTime time = ManualTime.create();
  private final CountingObserver observer = new CountingObserver();
  private final EventLog log =
      MemoryEventLog.of(
          "topic",
          LogOptions.partitions(2).withRetention(RETENTION, 1 << 20),
          time,
          Observer.none());
  private final SubscriptionRegistry registry = MemorySubscriptions.of(time, TERM);
  private int ids;

  private LogTopic topic() {
    return LogTopic.of(log, registry, options());
  }

  private LogTopicOptions options() {
    return LogTopicOptions.of(time, observer).withVisibility(VISIBILITY).withAttemptsMax(2);
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private Deadline atOnce() {
    return Deadline.after(Duration.ZERO, time);
  }

  private Message message(String text) {
    return Message.of(new MessageId("m" + ++ids), Bytes.utf8(text));
  }

  private void publish(Topic topic, String... texts) throws InterruptedException {
    for (String text : texts) {
      topic.send(message(text).withKey(text.substring(0, 1)), soon());
    }
  }

  private MessageQueue subscribe(Topic topic, String name) throws InterruptedException {
    return topic.subscribe(name, SubscriptionOptions.durable(), soon());
  }

  private List<Delivery> receive(MessageQueue queue) throws InterruptedException {
    List<Delivery> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.addAll(queue.receive(10, atOnce()));
    }
    return all;
  }

  private List<String> take(MessageQueue queue) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (Delivery each : queue.receive(10, atOnce())) {
        texts.add(each.message().payload().toUtf8());
        assertThat(each.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
      }
    }
    return texts;
  }

  @Test
  void aMessageNeedsNoBridge() throws InterruptedException {
    LogTopicOptions options = LogTopicOptions.of(time, observer);
    Deadline deadline = soon();
    Message message = message("one");
    // [doc:LogTopic]
    LogTopic topic = LogTopic.of(log, registry, options);
    MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    topic.send(message, deadline);
    List<Delivery> deliveries = invoices.receive(10, deadline);
    // [/doc]

    assertThat(deliveries).extracting(Delivery::message).containsExactly(message);
    assertThat(topic.guarantees().has(TopicGuarantees.Promise.BRIDGE)).isFalse();
  }

  @Test
  void overQueuesAndOverALogOneProgramIsWrittenOnce() throws InterruptedException {
    QueueOptions bounds = QueueOptions.capacity(100);
    MessageQueue source = MemoryQueue.of("topic", bounds, time, Observer.none());
    SubscriberQueues queues = SubscriberQueues.inMemory(bounds, time, Observer.none());
    Deadline deadline = soon();
    for (boolean overLog : List.of(true, false)) {
      // [readme:which-topic]
      Topic topic =
          overLog
              ? LogTopic.of(log, registry, LogTopicOptions.of(time, observer))
              : QueueTopic.of(source, registry, queues, TopicOptions.of(time, observer));
      MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
      // [/readme]
      assertThat(topic.subscriptions(deadline)).hasSize(1);
      assertThat(invoices.receive(1, atOnce())).isEmpty();
      assertThat(topic.unsubscribe("invoices", deadline)).isTrue();
    }
  }

  @Test
  void aPartitionWithMuchLeavesRoomForTheOthers() throws Exception {
    Topic topic = LogTopic.of(log, registry, options().withWindow(4));
    MessageQueue queue = subscribe(topic, "name");
    publish(topic, "a1", "a2", "a3", "a4", "a5", "a6", "b1", "b2");

    List<String> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (Delivery each : queue.receive(1, atOnce())) {
        first.add(each.message().payload().toUtf8());
        each.settle(Outcome.done(), soon());
      }
    }

    assertThat(first).contains("a1", "b1");
  }

  @Test
  void aKeyKeepsItsOrderWhileItsPartitionsPassFromMemberToMember() throws Exception {
    EventLog wide = MemoryEventLog.of("wide", LogOptions.partitions(16), time, Observer.none());
    Topic topic = LogTopic.of(wide, registry, options().withAttemptsMax(1000));
    subscribe(topic, "name").close();
    for (int i = 0; i < 10; i++) {
      for (int key = 0; key < 20; key++) {
        topic.send(message(key + "/" + i).withKey("k" + key), soon());
      }
    }

    Set<String> arrived = new LinkedHashSet<>();
    int deliveries = 0;
    for (int round = 0; arrived.size() < 200 && round < 200; round++) {
      MessageQueue one = subscribe(topic, "name");
      MessageQueue other = subscribe(topic, "name");
      for (MessageQueue each : List.of(one, other, one, other)) {
        for (Delivery delivery : each.receive(3, atOnce())) {
          arrived.add(delivery.message().payload().toUtf8());
          if (++deliveries % 3 != 0) {
            delivery.settle(Outcome.done(), soon());
          }
        }
      }
      one.close();
      other.close();
    }

    assertThat(arrived).hasSize(200);
    for (int key = 0; key < 20; key++) {
      String prefix = key + "/";
      assertThat(arrived.stream().filter(text -> text.startsWith(prefix))).isSorted();
    }
  }

  @Test
  void everySubscriptionGetsWhatIsPublishedBehindItsBeginning() throws Exception {
    LogTopic topic = topic();
    publish(topic, "a0");
    MessageQueue one = subscribe(topic, "one");
    MessageQueue two = subscribe(topic, "two");
    publish(topic, "a1", "b1", "a2");

    assertThat(take(one)).containsExactlyInAnyOrder("a1", "b1", "a2");
    assertThat(take(two)).containsExactlyInAnyOrder("a1", "b1", "a2");
    assertThat(take(one)).isEmpty();
    assertThat(topic.subscriptions(soon()))
        .extracting(Subscription::name)
        .containsExactly("one", "two");
  }

  @Test
  void whatIsNotSettledComesAgainToWhoeverTakesOver() throws Exception {
    LogTopic topic = topic();
    MessageQueue first = subscribe(topic, "name");
    publish(topic, "a1", "a2", "a3");
    List<Delivery> held = first.receive(10, atOnce());
    assertThat(held).as("one of a key at a time").hasSize(1);
    held.get(0).settle(Outcome.done(), soon());
    assertThat(first.receive(10, atOnce())).hasSize(1);
    first.close();

    assertThat(take(subscribe(topic, "name"))).containsExactly("a2", "a3");
  }

  @Test
  void aRetryIsDueAgainLaterAndHoldsBackItsKeyAlone() throws Exception {
    LogTopic topic = topic();
    MessageQueue queue = subscribe(topic, "name");
    publish(topic, "a1", "a2", "b1");
    Delivery first =
        receive(queue).stream()
            .filter(each -> each.message().payload().toUtf8().equals("a1"))
            .findFirst()
            .orElseThrow();
    first.settle(new Outcome.Retry(VISIBILITY.dividedBy(2), "not yet"), soon());
    assertThat(first.settle(Outcome.done(), soon())).isEqualTo(Settlement.STALE);
    assertThat(receive(queue)).isEmpty();

    time.advance(VISIBILITY.dividedBy(2));
    List<Delivery> again = receive(queue);
    assertThat(again).extracting(Delivery::attempt).containsExactly(2);
    again.get(0).settle(Outcome.done(), soon());
    assertThat(take(queue)).containsExactly("a2");
  }

  @Test
  void aDeadLetterIsListedRedrivenAndDiscarded() throws Exception {
    LogTopic topic = topic();
    MessageQueue queue = subscribe(topic, "name");
    publish(topic, "a1", "a2");
    Delivery poison = receive(queue).get(0);
    poison.settle(new Outcome.DeadLetter("broken"), soon());

    assertThat(take(queue)).containsExactly("a2");
    DeadLetters dead = queue.deadLetters();
    assertThat(dead.list(10, soon()))
        .extracting(DeadLetters.Entry::reason)
        .containsExactly("broken");
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 1));
    assertThat(dead.redrive(poison.message().id(), soon())).isEqualTo(DeadLetters.Redrive.REDRIVEN);
    receive(queue).get(0).settle(new Outcome.DeadLetter("again"), soon());
    assertThat(dead.discard(poison.message().id(), soon())).isTrue();
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
  }

  @Test
  void unsubscribingEndsItForItsMembersAndForgetsItsGroup() throws Exception {
    LogTopic topic = topic();
    MessageQueue old = subscribe(topic, "name");
    publish(topic, "before");
    assertThat(topic.unsubscribe("name", soon())).isTrue();
    assertThat(topic.unsubscribe("name", soon())).isFalse();
    publish(topic, "between");
    assertThatThrownBy(() -> old.receive(1, atOnce()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("name");
    old.close();

    MessageQueue anew = subscribe(topic, "name");
    publish(topic, "after");

    assertThat(take(anew)).containsExactly("after");
    assertThat(log.groups(soon())).hasSize(1);
  }

  @Test
  void aTransientSubscriptionEndsInSilence() throws Exception {
    LogTopic topic = topic();
    topic.subscribe("passing", SubscriptionOptions.whileUsed(), soon());
    time.advance(TERM.plus(VISIBILITY));
    assertThat(topic.subscriptions(soon())).isEmpty();
    publish(topic, "missed");
    MessageQueue back = topic.subscribe("passing", SubscriptionOptions.whileUsed(), soon());
    publish(topic, "next");

    assertThat(take(back)).containsExactly("next");
    assertThat(log.groups(soon())).hasSize(1);
  }

  @Test
  void retentionThatOvertakesASubscriptionIsAnsweredAsItsPolicySays() throws Exception {
    LogTopic topic = topic();
    MessageQueue blocks = subscribe(topic, "blocks");
    MessageQueue drops = topic.subscribe("drops", when(WhenFull.DROP), soon());
    MessageQueue detaches = topic.subscribe("detaches", when(WhenFull.DETACH), soon());
    publish(topic, "a1");
    time.advance(RETENTION.plus(VISIBILITY));
    publish(topic, "a2");

    assertThatThrownBy(() -> receive(blocks)).hasMessageContaining("overtaken by retention");
    assertThat(take(drops)).containsExactly("a2");
    assertThatThrownBy(() -> receive(detaches)).hasMessageContaining("ended");
    assertThat(observer.count("topic.dropped")).isEqualTo(1);
    assertThat(observer.count("topic.detached")).isEqualTo(1);
  }

  @Test
  void aNameWithoutAGroupIsNoSubscriptionYet() throws Exception {
    LogTopic topic = topic();
    registry.add("name", SubscriptionOptions.durable(), soon());
    assertThat(topic.subscriptions(soon())).as("its maker has died").isEmpty();
    publish(topic, "before");

    MessageQueue queue = subscribe(topic, "name");
    publish(topic, "after");

    assertThat(take(queue)).containsExactly("after");
    assertThat(topic.subscriptions(soon())).hasSize(1);
  }

  @Test
  void membersShareAndAConsumersOwnershipPassesOn() throws Exception {
    LogTopic topic = topic();
    MessageQueue one = subscribe(topic, "name");
    MessageQueue other = subscribe(topic, "name");
    for (int i = 0; i < 20; i++) {
      one.receive(1, atOnce()).forEach(each -> {});
      other.receive(1, atOnce()).forEach(each -> {});
    }
    for (int i = 0; i < 20; i++) {
      topic.send(message("m" + i), soon());
    }
    List<String> first = take(one);
    List<String> second = take(other);

    assertThat(first).hasSize(10).doesNotContainAnyElementsOf(second);
    assertThat(second).hasSize(10);
  }

  private static SubscriptionOptions when(WhenFull whenFull) {
    return SubscriptionOptions.durable().withWhenFull(whenFull, Duration.ZERO);
  }

  @Test
  void whatALogCannotDoIsRefused() throws Exception {
    LogTopic topic = topic();
    MessageQueue queue = subscribe(topic, "name");

    assertThat(queue.trySend(message("x"), Duration.ZERO, soon()))
        .isInstanceOf(SendResult.Refused.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> topic.trySend(message("x"), Duration.ofSeconds(1), soon()))
        .withMessageStartingWith("delay: ");
  }
}
