package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionOptions.WhenFull;
import dev.ashlar.messaging.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of subscriptions that are slow, away or out of room, and of the order of keys. */
abstract class PolicyProperties extends SubscribingProperties {

  private static final List<String> NAMES = List.of("one", "two", "three");

  /** Enough to show that one waits for another, and not too many for what all of them promise. */
  private static final int MANY = 20;

  static SubscriptionOptions when(WhenFull whenFull, Duration patience) {
    return SubscriptionOptions.durable().withWhenFull(whenFull, patience);
  }

  @Test
  @Proves("TOPIC-2")
  void whoeverReceivesNothingOrSettlesNothingDelaysNobody() throws Exception {
    Topic topic = site().topic();
    MessageQueue fine = subscribe(topic, "fine");
    MessageQueue holds = subscribe(topic, "holds");
    MessageQueue idle = subscribe(topic, "idle");
    subscribe(topic, "closed").close();
    run(topic);
    Message first = publish(topic, "first");
    List<Delivery> held = new ArrayList<>();
    eventually("a delivery", () -> held.addAll(holds.receive(1, atOnce())));

    List<Message> published = new ArrayList<>(List.of(first));
    for (int i = 0; i < MANY; i++) {
      published.add(publish(topic, "m" + i));
    }

    assertThat(deduped(takeUntil(fine, published))).containsExactlyInAnyOrderElementsOf(published);
    assertThat(deduped(takeUntil(idle, published))).containsExactlyInAnyOrderElementsOf(published);
    MessageQueue back = subscribe(topic, "closed");
    assertThat(deduped(takeUntil(back, published))).containsExactlyInAnyOrderElementsOf(published);
    assertThat(deduped(takeUntil(holds, published))).containsExactlyInAnyOrderElementsOf(published);
  }

  @Test
  @Proves("TOPIC-9")
  void aSubscriptionWithoutRoomThatDropsGoesOnAndThatIsCounted() throws Exception {
    TopicSite site = makeSite(1000, ROOM);
    CountingObserver observer = new CountingObserver();
    Topic topic = site.topic(observer);
    MessageQueue drops = subscribe(topic, "drops", when(WhenFull.DROP, Duration.ZERO));
    MessageQueue other = subscribe(topic, "other");
    run(topic);

    List<Message> published = site.overtake(topic, other);
    eventually("the end of forwarding", site::isForwarded);
    List<Message> taken = new ArrayList<>();
    eventually(
        "what is left",
        () -> {
          taken.addAll(takeNow(drops));
          return !taken.isEmpty() && isEmpty(drops);
        });

    assertThat(published).containsAll(taken).hasSizeGreaterThan(deduped(taken).size());
    assertThat(observer.count("topic.dropped")).isPositive();
    assertThat(observer.count("topic.detached")).isZero();
    settleDown(visibility());
    Message next = publish(topic, "next");
    assertThat(takeUntil(drops, List.of(next))).containsExactly(next);
    assertThat(topic.subscriptions(soon()))
        .extracting(Subscription::state)
        .containsOnly(Subscription.State.ATTACHED);
  }

  @Test
  @Proves("TOPIC-9")
  void aSubscriptionWithoutRoomThatDetachesEndsForItsMembersAndStaysListed() throws Exception {
    TopicSite site = makeSite(1000, ROOM);
    CountingObserver observer = new CountingObserver();
    Topic topic = site.topic(observer);
    MessageQueue leaves = subscribe(topic, "leaves", when(WhenFull.DETACH, Duration.ZERO));
    MessageQueue other = subscribe(topic, "other");
    run(topic);

    List<Message> published = site.overtake(topic, other);
    List<Message> taken = new ArrayList<>();
    eventually("its end", () -> hasEnded(leaves, taken));

    assertThat(published).containsAll(taken).hasSizeGreaterThan(deduped(taken).size());
    assertThat(observer.count("topic.detached")).isEqualTo(1);
    assertThat(observer.count("topic.dropped")).isZero();
    assertThat(topic.subscriptions(soon()))
        .extracting(Subscription::state)
        .containsExactlyInAnyOrder(Subscription.State.DETACHED, Subscription.State.ATTACHED);
    assertThat(topic.unsubscribe("leaves", soon())).isTrue();
    MessageQueue anew = subscribe(topic, "leaves", when(WhenFull.DETACH, Duration.ZERO));
    Message next = publish(topic, "next");
    assertThat(takeUntil(anew, List.of(next))).contains(next);
  }

  @Test
  @Proves("TOPIC-9")
  void aSubscriptionWithoutRoomThatBlocksMissesNothingUntold() throws Exception {
    TopicSite site = makeSite(1000, ROOM);
    CountingObserver observer = new CountingObserver();
    Topic topic = site.topic(observer);
    MessageQueue blocks = subscribe(topic, "blocks", when(WhenFull.BLOCK, Duration.ZERO));
    MessageQueue other = subscribe(topic, "other");
    run(topic);

    List<Message> published = site.overtake(topic, other);
    List<Message> taken = new ArrayList<>();
    List<String> told = new ArrayList<>();
    eventually(
        "all messages, or being told",
        () -> deduped(taken).size() == published.size() || isTold(blocks, taken, told));

    if (told.isEmpty()) {
      assertThat(deduped(taken)).containsExactlyInAnyOrderElementsOf(published);
    } else {
      assertThat(isTold(blocks, taken, told)).as("told again").isTrue();
      assertThat(taken).as("handed out beyond a gap").isEmpty();
    }
    assertThat(observer.count("topic.dropped") + observer.count("topic.detached")).isZero();
    assertThat(topic.subscriptions(soon()))
        .extracting(Subscription::state)
        .containsOnly(Subscription.State.ATTACHED);
  }

  private boolean hasEnded(MessageQueue queue, List<Message> taken) throws InterruptedException {
    try {
      taken.addAll(takeNow(queue));
      return false;
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("ended");
      return true;
    }
  }

  private boolean isTold(MessageQueue queue, List<Message> taken, List<String> told)
      throws InterruptedException {
    try {
      taken.addAll(takeNow(queue));
      return false;
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("overtaken");
      return told.add(e.getMessage());
    }
  }

  @Test
  @Proves(value = "TOPIC-8", guarantee = "key-order")
  void noCrashOfWhoBringsMessagesChangesTheOrderOfAKey() throws Exception {
    CrashPoints.forEach(() -> new Carrying(true));
  }

  @Test
  @Proves("TOPIC-1")
  void noCrashOfWhoBringsMessagesKeepsOneFromASubscription() throws Exception {
    CrashPoints.forEach(() -> new Carrying(false));
  }

  /** A process that brings what waits to subscriptions, and those who go on after its death. */
  private final class Carrying implements CrashPoints.Run {
    private final boolean ordered;
    private final TopicSite site;
    private final Map<String, List<Message>> arrived = new LinkedHashMap<>();
    private final List<Message> published = new ArrayList<>();

    Carrying(boolean ordered) throws Exception {
      this.ordered = ordered;
      this.site = site();
    }

    @Override
    public void work(Observer observer) throws Exception {
      Topic topic = site.topic();
      for (String name : NAMES) {
        subscribe(topic, name).close();
        arrived.put(name, new ArrayList<>());
      }
      for (String text : List.of("a1", "b1", "a2", "b2")) {
        published.add(publish(topic, message(text).withKey(text.substring(0, 1))));
      }
      site.carry(observer, arrived);
    }

    @Override
    public void recover() throws Exception {
      Topic topic = site.topic();
      Optional<Bridge> bridge = run(topic);
      for (Map.Entry<String, List<Message>> each : arrived.entrySet()) {
        List<Message> taken = each.getValue();
        List<Message> missing = published.stream().filter(one -> !taken.contains(one)).toList();
        taken.addAll(takeUntil(subscribe(topic, each.getKey()), missing));
        assertThat(deduped(taken)).containsExactlyInAnyOrderElementsOf(published);
        if (ordered) {
          assertInOrder(texts(deduped(taken)));
        }
      }
      stop(bridge);
    }
  }

  private static void assertInOrder(List<String> texts) {
    for (String key : List.of("a", "b")) {
      assertThat(texts.stream().filter(text -> text.startsWith(key))).isSorted();
    }
  }

  @Test
  @Proves(value = "TOPIC-8", guarantee = "key-order")
  void aSubscriptionThatWasAwayGetsEachKeyInOrderWhileOthersComeAndGo() throws Exception {
    TopicSite site = site();
    Topic topic = site.topic();
    subscribe(topic, "away").close();
    MessageQueue here = subscribe(topic, "here");
    List<Message> published = new ArrayList<>();

    for (int round = 0; round < 4; round++) {
      for (String key : List.of("a", "b")) {
        for (int i = 0; i < 3; i++) {
          published.add(publish(topic, message(key + round + i).withKey(key)));
        }
      }
      site.comeAndGo("away", round);
    }
    run(site.topic());

    for (MessageQueue queue : List.of(subscribe(topic, "away"), here)) {
      List<Message> taken = deduped(takeUntil(queue, published));
      assertThat(taken).containsExactlyInAnyOrderElementsOf(published);
      assertInOrder(texts(taken));
    }
  }
}
