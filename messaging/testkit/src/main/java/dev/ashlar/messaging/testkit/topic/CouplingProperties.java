package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions.WhenFull;
import dev.ashlar.messaging.topic.TopicGuarantees.Coupling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That a subscription in trouble costs the others what was declared, and nothing else. */
abstract class CouplingProperties extends PolicyProperties {

  @Test
  @Proves(value = "TOPIC-2", guarantee = "bridge")
  void subscriptionsInTroubleLeaveTheOthersWhatTheCouplingSays() throws Exception {
    QueueSite site = makeSite(1000, 1000).bridged();
    QueueTopic topic = site.topic();
    MessageQueue fine = subscribe(topic, "fine");
    MessageQueue away = subscribe(topic, "away");
    MessageQueue closed = subscribe(topic, "closed");
    subscribe(topic, "idle");
    site.queueOf("away").set(SwitchedQueue.Mode.DOWN);
    site.queueOf("closed").set(SwitchedQueue.Mode.CLOSED);
    Coupling coupling = topic.guarantees().coupling();
    bridge(topic);

    List<Message> published = new ArrayList<>();
    for (int i = 0; i < 1 + coupling.messagesAhead(); i++) {
      published.add(publish(topic, "m" + i));
    }
    assertThat(deduped(takeUntil(fine, published))).containsExactlyInAnyOrderElementsOf(published);
    assertThat(takeNow(away)).isEmpty();
    assertThat(takeNow(closed)).isEmpty();

    site.queueOf("away").set(SwitchedQueue.Mode.UP);
    site.queueOf("closed").set(SwitchedQueue.Mode.UP);
    published.add(publish(topic, "at last"));
    for (MessageQueue each : List.of(away, closed)) {
      assertThat(deduped(takeUntil(each, published)))
          .containsExactlyInAnyOrderElementsOf(published);
    }
  }

  @Test
  @Proves(value = "TOPIC-2", guarantee = "bridge")
  @Proves(value = "TOPIC-9", guarantee = "bridge")
  void aSubscriptionThatBlocksDelaysOthersOnceTheWindowIsFullAndLosesNothing() throws Exception {
    int backlog = 20;
    QueueSite site = makeSite(backlog, ROOM).bridged();
    QueueTopic topic = site.topic();
    MessageQueue full = subscribe(topic, "full", when(WhenFull.BLOCK, Duration.ZERO));
    MessageQueue other = subscribe(topic, "other", when(WhenFull.BLOCK, Duration.ZERO));
    bridge(topic);
    Coupling coupling = topic.guarantees().coupling();
    assertThat(coupling.backlogMax()).isEqualTo(backlog);
    List<Message> published = new ArrayList<>();

    for (int i = 0; i < ROOM + 1 + coupling.messagesAhead(); i++) {
      Message message = publish(topic, "m" + i);
      published.add(message);
      assertThat(takeUntil(other, List.of(message))).contains(message);
    }
    SendResult result = new SendResult.Accepted();
    while (result instanceof SendResult.Accepted && published.size() < 3 * backlog) {
      Message more = message("more");
      result = topic.trySend(more, Duration.ZERO, atOnce());
      if (result instanceof SendResult.Accepted) {
        published.add(more);
      }
    }
    assertThat(published).as("accepted while it blocks").hasSize(ROOM + backlog);
    assertThat(result)
        .isInstanceOfSatisfying(
            SendResult.Refused.class,
            refused -> assertThat(refused.advice()).isInstanceOf(Advice.Overloaded.class));

    List<Message> behind = published.subList(ROOM + WINDOW, published.size());
    assertThat(takeNow(other)).isEmpty();
    List<Message> taken = new ArrayList<>();
    List<Message> takenByOther = new ArrayList<>();
    eventually(
        "everything",
        () -> {
          taken.addAll(takeNow(full));
          takenByOther.addAll(takeNow(other));
          return taken.containsAll(published) && takenByOther.containsAll(behind);
        });
    assertThat(deduped(taken)).containsExactlyInAnyOrderElementsOf(published);
  }

  @Test
  @Proves(value = "TOPIC-9", guarantee = "bridge")
  void aSubscriptionThatDropsLosesWhatDoesNotFitAndThatIsCounted() throws Exception {
    QueueSite site = makeSite(1000, ROOM).bridged();
    CountingObserver observer = new CountingObserver();
    QueueTopic topic = site.topic(observer);
    MessageQueue drops = subscribe(topic, "drops", when(WhenFull.DROP, Duration.ZERO));
    MessageQueue other = subscribe(topic, "other");
    bridge(topic);
    int more = 3 * WINDOW;

    List<Message> fits = publishAll(topic, "one", "two");
    takeUntil(other, fits);
    for (int i = 0; i < more; i++) {
      Message message = publish(topic, "too many " + i);
      assertThat(takeUntil(other, List.of(message))).contains(message);
    }

    eventually("an empty source", () -> isEmpty(site.source()));
    assertThat(observer.count("topic.dropped")).isEqualTo(more);
    assertThat(takeNow(drops)).containsExactlyElementsOf(fits);
    settleDown(visibility());
    Message next = publish(topic, "next");
    assertThat(takeUntil(drops, List.of(next))).containsExactly(next);
    assertThat(topic.subscriptions(soon()))
        .extracting(Subscription::state)
        .containsOnly(Subscription.State.ATTACHED);
  }

  @Test
  @Proves(value = "TOPIC-9", guarantee = "bridge")
  void aSubscriptionIsPatientBeforeItDrops() throws Exception {
    QueueSite site = makeSite(1000, ROOM).bridged();
    CountingObserver observer = new CountingObserver();
    QueueTopic topic = site.topic(observer);
    MessageQueue slow = subscribe(topic, "slow", when(WhenFull.DROP, Duration.ofMinutes(10)));
    bridge(topic);

    List<Message> published = publishAll(topic, "one", "two", "three", "four");
    settleDown(visibility());

    assertThat(deduped(takeUntil(slow, published))).containsExactlyInAnyOrderElementsOf(published);
    assertThat(observer.count("topic.dropped")).isZero();
  }

  @Test
  @Proves(value = "TOPIC-9", guarantee = "bridge")
  void aSubscriptionThatDetachesKeepsWhatItHasAndGetsNothingMore() throws Exception {
    QueueSite site = makeSite(1000, ROOM).bridged();
    CountingObserver observer = new CountingObserver();
    QueueTopic topic = site.topic(observer);
    MessageQueue leaves = subscribe(topic, "leaves", when(WhenFull.DETACH, Duration.ZERO));
    MessageQueue other = subscribe(topic, "other");
    bridge(topic);
    List<Message> fits = publishAll(topic, "one", "two");
    takeUntil(other, fits);
    Message tooMuch = publish(topic, "three");
    assertThat(takeUntil(other, List.of(tooMuch))).contains(tooMuch);
    eventually("its detachment", () -> observer.count("topic.detached") == 1);

    assertThat(takeNow(leaves)).containsExactlyElementsOf(fits);
    Message later = publish(topic, "later");
    assertThat(takeUntil(other, List.of(later))).contains(later);
    eventually("an empty source", () -> isEmpty(site.source()));

    assertThat(observer.count("topic.dropped")).isZero();
    settleDown(term());
    assertThatThrownBy(() -> leaves.receive(1, atOnce()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leaves");
    assertThat(topic.subscriptions(soon()))
        .extracting(Subscription::state)
        .containsExactlyInAnyOrder(Subscription.State.DETACHED, Subscription.State.ATTACHED);
    assertThat(topic.unsubscribe("leaves", soon())).isTrue();
    MessageQueue anew = subscribe(topic, "leaves", when(WhenFull.DETACH, Duration.ZERO));
    Message next = publish(topic, "next");
    assertThat(takeUntil(anew, List.of(next))).contains(next);
  }
}
